"""Descriptions of datasets that others publish, brought in as proposals by the services of the form."""
