from django.urls import path

from catalog.pages.batches import browse, columns, new, row, show, submit

urlpatterns = [
    path("proposals/batches/", browse.browse_batches, name="batches"),
    path("proposals/batches/new/", new.new_batch, name="batch-new"),
    path("proposals/batches/example.csv", browse.example, name="batch-example"),
    path("proposals/batches/<uuid:key>/", show.show_batch, name="batch"),
    path("proposals/batches/<uuid:key>/progress/", show.show_progress, name="batch-progress"),
    path("proposals/batches/<uuid:key>/columns/", columns.tell_columns, name="batch-columns"),
    path("proposals/batches/<uuid:key>/rows/<int:number>/", row.repair, name="batch-row"),
    path("proposals/batches/<uuid:key>/submit/", submit.submit, name="batch-submit"),
    path("proposals/batches/<uuid:key>/forget/", show.forget, name="batch-forget"),
    path("proposals/batches/<uuid:key>/report.csv", show.report_csv, name="batch-report-csv"),
    path("proposals/batches/<uuid:key>/report.json", show.report_json, name="batch-report-json"),
]
