"""The places that pages of this app keep for apps above (`common.slots`)."""

from common.slots import Remarks

# What somebody said of themselves, on the page of the people of a cohort. The cohort is the subject, and the keys are
# those of accounts. It shows no more of a person than the viewer may see.
ABOUT_THEMSELVES = Remarks()
