"""A throw-away app, as somebody would add one above `courses` and `progress`: it touches INSTALLED_APPS and no more."""
