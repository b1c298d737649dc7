"""INV-1: a grant can not claim another tier than its version."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("training", "0003_entries_and_tiers"), ("catalog", "0004_what_tiers_forbid")]

    operations = [
        migrations.RunSQL(
            sql="""
                ALTER TABLE training_datagrant ADD CONSTRAINT grant_has_the_tier_of_its_version
                FOREIGN KEY (version_id, tier) REFERENCES catalog_datasetversion (id, tier)
            """,
            reverse_sql="ALTER TABLE training_datagrant DROP CONSTRAINT grant_has_the_tier_of_its_version",
        )
    ]
