from config.settings.test import *
from config.settings.test import INSTALLED_APPS

INSTALLED_APPS = ["tests.choir.apps.ChoirConfig", *INSTALLED_APPS]
