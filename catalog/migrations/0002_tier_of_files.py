"""INV-1: a file can not claim another tier than its version; Django has no composite foreign keys to say so."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("catalog", "0001_initial")]

    operations = [
        migrations.RunSQL(
            sql="""
                ALTER TABLE catalog_datasetfile
                ADD CONSTRAINT file_has_the_tier_of_its_version
                FOREIGN KEY (version_id, tier) REFERENCES catalog_datasetversion (id, tier)
            """,
            reverse_sql="ALTER TABLE catalog_datasetfile DROP CONSTRAINT file_has_the_tier_of_its_version",
        )
    ]
