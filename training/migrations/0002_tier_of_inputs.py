"""INV-2: a job's input can not claim another tier than its dataset version."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("training", "0001_initial"), ("catalog", "0002_tier_of_files")]

    operations = [
        migrations.RunSQL(
            sql="""
                ALTER TABLE training_jobinput
                ADD CONSTRAINT input_has_the_tier_of_its_version
                FOREIGN KEY (version_id, tier) REFERENCES catalog_datasetversion (id, tier)
            """,
            reverse_sql="ALTER TABLE training_jobinput DROP CONSTRAINT input_has_the_tier_of_its_version",
        )
    ]
