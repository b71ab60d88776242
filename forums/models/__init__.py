from forums.models.discussions import Discussion
from forums.models.lost import LostHere
from forums.models.moderation import PostEdit, Report, Unmasking
from forums.models.reading import Following, Reading, Wonder
from forums.models.talk import Forum, Mention, Post, PostFile, Thread

__all__ = [
    "Discussion",
    "Following",
    "Forum",
    "LostHere",
    "Mention",
    "Post",
    "PostEdit",
    "PostFile",
    "Reading",
    "Report",
    "Thread",
    "Unmasking",
    "Wonder",
]
