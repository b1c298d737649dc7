"""Cursor paging: stable while rows are added, and no counting of what lies behind."""

from rest_framework.pagination import CursorPagination


class CursorPages(CursorPagination):
    """Newest first by primary key, unless a view names a better unique order."""

    ordering = "-pk"
    page_size_query_param = "page_size"
    max_page_size = 100
