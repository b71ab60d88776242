from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    """In a transaction of its own: it looks through every row, and nobody has to wait for that."""

    dependencies = [("courses", "0007_dates_within_bounds")]
    operations = [
        ValidateConstraint("cohort", "cohort_within_bounds"),
        ValidateConstraint("enrolment", "enrolment_within_bounds"),
        ValidateConstraint("duedate", "due_within_bounds"),
        ValidateConstraint("duedate", "due_days_within_bounds"),
        ValidateConstraint("extension", "extension_within_bounds"),
    ]
