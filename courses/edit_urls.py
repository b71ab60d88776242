from django.urls import path

from courses.views import captions, deleting, edit, edit_activity, files, imports, publishing

app_name = "edit"
urlpatterns = [
    path("courses/new/", edit.new_course, name="new_course"),
    path("courses/<int:course_id>/", edit.course, name="course"),
    path("courses/<int:course_id>/details/", edit.course_details, name="course_details"),
    path("courses/<int:course_id>/editors/", edit.editors, name="editors"),
    path("courses/<int:course_id>/pictures/", files.bring_picture, name="bring_picture"),
    path("courses/<int:course_id>/modules/new/", edit.new_module, name="new_module"),
    path("courses/<int:course_id>/delete/", deleting.course, name="delete_course"),
    path("courses/<int:course_id>/deleted/", deleting.deleted, name="deleted"),
    path("courses/<int:course_id>/publish/", publishing.course, name="publish_course"),
    path("modules/<int:module_id>/", edit.module, name="module"),
    path("modules/<int:module_id>/delete/", deleting.module, name="delete_module"),
    path("modules/<int:module_id>/publish/", publishing.module, name="publish_module"),
    path("modules/<int:module_id>/move/", edit.move_module, name="move_module"),
    path("modules/<int:module_id>/new/<slug:kind>/", edit_activity.new_activity, name="new_activity"),
    path("activities/<int:activity_id>/", edit_activity.activity, name="activity"),
    path("activities/<int:activity_id>/captions/", captions.captions, name="captions"),
    path("activities/<int:activity_id>/delete/", deleting.activity, name="delete_activity"),
    path("activities/<int:activity_id>/move/", edit.move_activity, name="move_activity"),
    path("deleted/<slug:kind>/<int:key>/restore/", deleting.restore, name="restore"),
    path("imports/new/", imports.new_import, name="new_import"),
    path("imports/<int:import_id>/", imports.show_import, name="import"),
]
