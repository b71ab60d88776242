from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticStorage(CompressedManifestStaticFilesStorage):
    """Modules are told from one release to the next by their names, also those that another module imports."""

    support_js_module_import_aggregation = True
