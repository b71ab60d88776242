import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models
from django.db.models import F, Q

# Until now the hand tick alone could be withdrawn, by whoever had made it.
FILL = "UPDATE progress_completion SET withdrawable_by = 'student' WHERE how = 'marked'"
GUARD = """
CREATE OR REPLACE FUNCTION progress_completion_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.withdrawn_at IS DISTINCT FROM OLD.withdrawn_at AND (OLD.withdrawn_at IS NOT NULL OR OLD.withdrawable_by = '')
       OR (NEW.id, NEW.enrolment_id, NEW.activity_id, NEW.completed_at, NEW.how, NEW.evidence, NEW.activity_revision,
           NEW.withdrawable_by)
          IS DISTINCT FROM
          (OLD.id, OLD.enrolment_id, OLD.activity_id, OLD.completed_at, OLD.how, OLD.evidence, OLD.activity_revision,
           OLD.withdrawable_by)
       OR NEW.recorded_by_id IS DISTINCT FROM OLD.recorded_by_id AND NEW.recorded_by_id IS NOT NULL
    THEN
        RAISE EXCEPTION 'A completion is never changed: what says who may withdraw it can be withdrawn, once.'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$
"""


class Migration(migrations.Migration):
    dependencies = [("courses", "0003_within_one_course"), ("progress", "0005_edges_on_a_grid")]
    operations = [
        migrations.AlterField(
            "completion",
            "how",
            models.CharField(help_text="The way of its kind in which it came about.", max_length=30),
        ),
        migrations.AddField(
            "completion",
            "withdrawable_by",
            models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="Who may withdraw it, as `courses.kinds.Who` says; empty for nobody.",
                max_length=10,
            ),
        ),
        migrations.RemoveConstraint("completion", "only_a_tick_by_hand_is_withdrawn"),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.RunSQL(GUARD, migrations.RunSQL.noop),
        migrations.AddConstraint(
            "completion",
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | ~Q(withdrawable_by=""), name="only_what_may_be_is_withdrawn"
            ),
        ),
        migrations.CreateModel(
            name="Waiting",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "waits_for",
                    models.CharField(help_text="Whose turn it is, as `courses.kinds.Who` says.", max_length=10),
                ),
                ("since", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "promised_at",
                    models.DateTimeField(
                        blank=True, help_text="By when the student was promised an answer.", null=True
                    ),
                ),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "activity",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="waits", to="courses.activity"
                    ),
                ),
                (
                    "enrolment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="waits", to="courses.enrolment"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=Q(ended_at=None),
                        fields=("enrolment", "activity"),
                        include=("promised_at",),
                        name="one_open_wait",
                    ),
                    models.CheckConstraint(
                        condition=Q(ended_at=None) | Q(ended_at__gte=F("since")), name="wait_ended_after_it_began"
                    ),
                ]
            },
        ),
    ]
