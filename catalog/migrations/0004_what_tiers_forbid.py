"""Rules that Django's constraints can not say: composite foreign keys, and what private rows may hold (INV-1)."""

from django.db import migrations


def _has_the_tier_of_its_version(table: str) -> migrations.RunSQL:
    name = f"{table}_has_the_tier_of_its_version"
    return migrations.RunSQL(
        sql=f"""
            ALTER TABLE catalog_{table} ADD CONSTRAINT {name}
            FOREIGN KEY (version_id, tier) REFERENCES catalog_datasetversion (id, tier)
        """,
        reverse_sql=f"ALTER TABLE catalog_{table} DROP CONSTRAINT {name}",
    )


def _holds_only_the_seal(table: str) -> migrations.RunSQL:
    name = f"{table}_private_record_is_sealed"
    return migrations.RunSQL(
        sql=f"""
            ALTER TABLE catalog_{table} ADD CONSTRAINT {name} CHECK (
                record ->> 'tier' IS DISTINCT FROM 'private'
                OR record - ARRAY['tier', 'commitment', 'node', 'sealed_at', 'statement', 'affirmed'] = '{{}}'
            )
        """,
        reverse_sql=f"ALTER TABLE catalog_{table} DROP CONSTRAINT {name}",
    )


class Migration(migrations.Migration):
    dependencies = [("catalog", "0003_entries_and_tiers")]

    operations = [
        _has_the_tier_of_its_version("preview"),
        _has_the_tier_of_its_version("sketchband"),
        _holds_only_the_seal("proposal"),
        _holds_only_the_seal("datasetversion"),
        migrations.RunSQL(
            sql="""
                ALTER TABLE catalog_proposal ADD CONSTRAINT proposal_private_has_no_file
                CHECK (record ->> 'tier' IS DISTINCT FROM 'private' OR (files = '[]' AND change_note = ''))
            """,
            reverse_sql="ALTER TABLE catalog_proposal DROP CONSTRAINT proposal_private_has_no_file",
        ),
    ]
