import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_outgoing_mail"),
    ]

    operations = [
        migrations.AlterField(
            model_name="outgoingmail",
            name="kind",
            field=models.CharField(
                choices=[
                    ("password_link", "Your Ownpace account: choose a password"),
                    ("forgotten_password", "Choose a new password"),
                    ("confirm_address", "Confirm your email address"),
                    ("password_changed", "Your password was changed"),
                    ("password_set", "A password was set for your account"),
                    ("password_reset", "Your password was reset"),
                    ("email_changed", "Your email address was changed"),
                    ("email_deleted", "An email address was removed from your account"),
                    ("totp_activated", "An app for sign-in codes was added to your account"),
                    ("totp_deactivated", "The app for sign-in codes was removed from your account"),
                    ("webauthn_added", "A passkey was added to your account"),
                    ("webauthn_removed", "A passkey was removed from your account"),
                    ("recovery_codes_generated", "New recovery codes were created for your account"),
                ],
                max_length=30,
            ),
        ),
        migrations.AlterField(
            model_name="user",
            name="email",
            field=models.EmailField(
                blank=True,
                error_messages={"unique": "Someone else uses this address."},
                max_length=254,
                null=True,
                unique=True,
                verbose_name="email address",
            ),
        ),
        migrations.AlterField(
            model_name="user",
            name="minor",
            field=models.BooleanField(
                default=False,
                help_text="Classmates will only see the first name and one initial.",
                verbose_name="under 18",
            ),
        ),
        migrations.AlterField(
            model_name="user",
            name="reading_font",
            field=models.CharField(
                choices=[("serif", "Serif"), ("sans", "Sans serif"), ("spaced", "Sans serif, wide spacing")],
                default="serif",
                max_length=8,
                verbose_name="reading font",
            ),
        ),
        migrations.AlterField(
            model_name="user",
            name="theme",
            field=models.CharField(
                choices=[("system", "Match my device"), ("light", "Light"), ("dark", "Dark")],
                default="system",
                max_length=8,
                verbose_name="colours",
            ),
        ),
        migrations.AlterField(
            model_name="user",
            name="username",
            field=models.CharField(
                error_messages={"unique": "Someone else has this username."},
                max_length=60,
                unique=True,
                verbose_name="username",
            ),
        ),
        migrations.AlterConstraint(
            model_name="user",
            name="username_in_small_letters",
            constraint=models.CheckConstraint(
                condition=models.Q(("username", django.db.models.functions.text.Lower("username"))),
                name="username_in_small_letters",
                violation_error_message="Use lower-case letters only in a username.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="user",
            name="email_in_small_letters",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("email", None),
                    models.Q(
                        ("email", django.db.models.functions.text.Lower("email")),
                        models.Q(("email", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="email_in_small_letters",
                violation_error_message="Use lower-case letters only in an email address.",
            ),
        ),
    ]
