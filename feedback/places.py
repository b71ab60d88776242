"""Where this app stands on the pages of others."""

from drafts import kinds as texts
from feedback.pages.drafts import labels

texts.register("feedback", labels)
