from django.apps import AppConfig
from django.contrib.staticfiles import apps as staticfiles


class CommonConfig(AppConfig):
    name = "common"


class StaticFilesConfig(staticfiles.StaticFilesConfig):
    """Without the parts of packages that no page uses; some of them import what is not there."""

    ignore_patterns = [*staticfiles.StaticFilesConfig.ignore_patterns, "ext", "htmx-4*", "htmax-4*"]
