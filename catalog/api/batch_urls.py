from django.urls import path

from catalog.api import batch_rows, batches

urlpatterns = [
    path("", batches.BatchesView.as_view(), name="api-batches"),
    path("<uuid:key>/", batches.BatchView.as_view(), name="api-batch"),
    path("<uuid:key>/columns/", batches.BatchColumnsView.as_view(), name="api-batch-columns"),
    path("<uuid:key>/rows/", batch_rows.BatchRowsView.as_view(), name="api-batch-rows"),
    path("<uuid:key>/rows/<int:number>/", batch_rows.BatchRowView.as_view(), name="api-batch-row"),
    path("<uuid:key>/submit/", batch_rows.BatchSubmitView.as_view(), name="api-batch-submit"),
]
