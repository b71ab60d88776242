"""Where this app stands on the pages of others."""
