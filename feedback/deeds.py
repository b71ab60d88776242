"""What can be taken back of work and feedback."""

from courses.work import HOLDERS
from feedback.selectors.held import held

HOLDERS.append(held)
