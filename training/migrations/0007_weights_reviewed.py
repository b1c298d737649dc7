import django.contrib.postgres.fields
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.conf import settings
from django.db import migrations, models

# The newest base of each family is its head from now on.
HEADS = """
    UPDATE training_modelfamily AS f SET head_id = (
        SELECT c.id FROM training_checkpoint AS c
        WHERE c.family_id = f.id AND c.standing = 'base' ORDER BY c.number DESC LIMIT 1
    );
    SET CONSTRAINTS ALL IMMEDIATE;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0006_proposals_and_review'),
        ('provenance', '0003_derivatives'),
        ('training', '0006_nodes_jobs_and_rounds'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        migrations.swappable_dependency(settings.KNOX_TOKEN_MODEL),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='checkpoint',
            name='checkpoint_unchanging',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='checkpoint',
            name='checkpoint_stands',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='contribution',
            name='contribution_moves',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='modelfamily',
            name='family_append_only',
        ),
        migrations.CreateModel(
            name='Coefficient',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('checkpoint', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='coefficients', to='training.checkpoint')),
                ('contribution', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='coefficients', to='training.contribution')),
                ('in_base', models.FloatField()),
                ('in_velocity', models.FloatField(default=0.0)),
            ],
            options={
                'ordering': ['checkpoint', 'contribution'],
                'constraints': [models.UniqueConstraint(fields=('checkpoint', 'contribution'), name='coefficient_once')],
            },
        ),
        migrations.CreateModel(
            name='ContributionAppeal',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('contribution', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='appeals', to='training.contribution')),
                ('turn', models.PositiveSmallIntegerField()),
                ('against', models.CharField(max_length=14)),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.member')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('grounds', models.TextField(max_length=4000)),
                ('state', models.CharField(choices=[('open', 'open'), ('upheld', 'upheld'), ('dismissed', 'dismissed'), ('withdrawn', 'withdrawn')], default='open', max_length=12)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('due_at', models.DateTimeField()),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['created_at'],
                'constraints': [models.UniqueConstraint(fields=('contribution', 'turn'), name='contribution_appealed_once')],
            },
        ),
        migrations.CreateModel(
            name='ContributionAppealVoice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('appeal', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='voices', to='training.contributionappeal')),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.member')),
                ('maintainer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('upholds', models.BooleanField()),
                ('note', models.TextField(max_length=4000)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'ordering': ['id'],
                'constraints': [models.UniqueConstraint(fields=('appeal', 'member'), name='contribution_appeal_voice_once')],
            },
        ),
        migrations.CreateModel(
            name='ContributionRequest',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('contribution', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='requests', to='training.contribution')),
                ('maintainer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.member')),
                ('question', models.TextField(max_length=4000)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('answer', models.TextField(blank=True, max_length=4000)),
                ('answered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['created_at'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('answer', ''), ('answered_at__isnull', True), ('answered_by__isnull', True)), models.Q(('answered_at__isnull', False), ('answered_by__isnull', False), models.Q(('answer', ''), _negated=True)), _connector='OR'), name='request_answered_whole')],
            },
        ),
        migrations.CreateModel(
            name='Derivative',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('slug', models.SlugField(max_length=80, unique=True)),
                ('name', models.CharField(max_length=200)),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='derivatives', to='catalog.member')),
                ('base', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='derivatives', to='training.checkpoint')),
                ('state', models.CharField(choices=[('registered', 'registered'), ('retired', 'retired')], default='registered', max_length=12)),
                ('tier', models.CharField(choices=[('open', 'open'), ('train-only', 'train-only'), ('local-only', 'local-only'), ('private', 'private')], max_length=12)),
                ('stages', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=12), help_text='cpt, sft, preference: in their order', size=None)),
                ('languages', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=35), blank=True, default=list, size=None)),
                ('licence', models.CharField(blank=True, help_text='SPDX expression; none where closed', max_length=200)),
                ('card', models.JSONField(help_text='sections of the model card, by name, as plain text')),
                ('commitments', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=64), blank=True, default=list, help_text='sha256 of private parts', size=None)),
                ('weights_sha256', models.CharField(blank=True, max_length=64)),
                ('address', models.URLField(blank=True, help_text='where the member offers it', max_length=500)),
                ('digest', models.CharField(help_text='of the document that describes it', max_length=64, unique=True)),
                ('statement', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='provenance.statement')),
                ('registered_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('registered_at', models.DateTimeField(auto_now_add=True)),
                ('retired_at', models.DateTimeField(blank=True, null=True)),
                ('versions', models.ManyToManyField(blank=True, related_name='derivatives', to='catalog.datasetversion')),
            ],
            options={
                'ordering': ['-registered_at'],
            },
        ),
        migrations.CreateModel(
            name='LeaveOneOut',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('round', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='left_out', to='training.round')),
                ('contribution', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='left_out', to='training.contribution')),
                ('checkpoint', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='left_out', to='training.checkpoint')),
            ],
            options={
                'ordering': ['round', 'contribution'],
                'constraints': [models.UniqueConstraint(fields=('round', 'contribution'), name='left_out_once_a_round')],
            },
        ),
        migrations.CreateModel(
            name='ModelSeries',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(max_length=80, unique=True)),
                ('name', models.CharField(max_length=200)),
                ('tokenizer', models.CharField(max_length=80)),
                ('tokenizer_sha256', models.CharField(blank=True, max_length=64)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'verbose_name_plural': 'model series',
                'ordering': ['slug'],
            },
        ),
        migrations.CreateModel(
            name='Opinion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('contribution', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='opinions', to='training.contribution')),
                ('person', models.ForeignKey(help_text='whose token the program used', on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.member')),
                ('token', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.KNOX_TOKEN_MODEL, to_field='key')),
                ('program', models.CharField(help_text='what it calls itself', max_length=80)),
                ('verdict', models.CharField(choices=[('accept', 'accept'), ('reject', 'reject'), ('quarantine', 'quarantine')], max_length=10)),
                ('text', models.TextField(max_length=4000)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='Probe',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('checkpoint', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='probes', to='training.checkpoint')),
                ('job', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='probes', to='training.job')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.datasetversion')),
                ('kind', models.CharField(choices=[('canary-exposure', 'exposure of canaries, in bits (Carlini et al. 2019)'), ('membership-auc', 'membership inference on canaries, area under the curve')], max_length=20)),
                ('value', models.FloatField()),
                ('canaries', models.PositiveIntegerField(help_text='how many were declared')),
            ],
            options={
                'ordering': ['version', 'kind', 'id'],
                'constraints': [models.UniqueConstraint(fields=('checkpoint', 'job', 'version', 'kind'), name='probe_once')],
            },
        ),
        migrations.CreateModel(
            name='RangedMerge',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=64, unique=True)),
                ('document', models.JSONField()),
                ('elements', models.PositiveBigIntegerField(help_text='float32 numbers in the base')),
                ('range_elements', models.PositiveBigIntegerField(help_text='how many of them a worker takes at a time')),
                ('step', models.CharField(help_text='which pass over the bytes is due', max_length=20)),
                ('sums', models.JSONField(default=dict, help_text='what the passes before have counted')),
                ('resolved', models.JSONField(default=dict, help_text='with which numbers ranges are merged')),
                ('refusal', models.JSONField(blank=True, help_text='why the rule refuses these updates', null=True)),
                ('outcome', models.JSONField(blank=True, help_text='what came out, once it is kept whole', null=True)),
                ('asked_at', models.DateTimeField(blank=True, help_text='when workers were last asked', null=True)),
                ('asked_times', models.PositiveSmallIntegerField(default=0, help_text='in a row, and nothing done')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'ordering': ['-created_at'],
                'constraints': [models.CheckConstraint(condition=models.Q(('range_elements__gt', 0)), name='ranged_merge_has_ranges'), models.CheckConstraint(condition=models.Q(models.Q(('outcome__isnull', False), ('step', 'done')), models.Q(models.Q(('step', 'done'), _negated=True), ('outcome__isnull', True)), _connector='OR'), name='ranged_merge_done_with_outcome')],
            },
        ),
        migrations.CreateModel(
            name='Recall',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('contribution', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='recalls', to='training.contribution')),
                ('asked_at', models.DateTimeField(auto_now_add=True)),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
                ('code', models.CharField(blank=True, help_text='why the node has them no more', max_length=80)),
            ],
            options={
                'ordering': ['asked_at'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('answered_at__isnull', True)), fields=('contribution',), name='recalled_once_at_a_time')],
            },
        ),
        migrations.CreateModel(
            name='RetentionWish',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('member', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='retention_wish', to='catalog.member')),
                ('rounds', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('changed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('changed_at', models.DateTimeField(auto_now=True)),
            ],
        ),
        migrations.CreateModel(
            name='Rollback',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('family', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rollbacks', to='training.modelfamily')),
                ('level', models.PositiveSmallIntegerField(choices=[(1, 'replay without it'), (2, 'also without what was trained from a base that held it')], default=1)),
                ('state', models.CharField(choices=[('proposed', 'proposed'), ('replaying', 'replaying'), ('done', 'done'), ('refused', 'refused by the members'), ('taken-back', 'taken back'), ('failed', 'failed')], default='proposed', max_length=12)),
                ('grounds', models.TextField(max_length=4000)),
                ('reason_code', models.CharField(help_text='consent-withdrawn, harmful, erroneous, other', max_length=80)),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.member')),
                ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('quorum', models.PositiveSmallIntegerField()),
                ('head', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='training.checkpoint')),
                ('result', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='result_of_rollbacks', to='training.checkpoint')),
                ('cause', models.CharField(blank=True, help_text='why it failed or ended', max_length=500)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('contributions', models.ManyToManyField(related_name='rollbacks', to='training.contribution')),
            ],
            options={
                'ordering': ['-created_at'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', ['done', 'refused', 'taken-back']), _negated=True), fields=('family',), name='one_rollback_at_a_time'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'done'), _negated=True), ('result__isnull', False), _connector='OR'), name='done_rollback_has_a_result')],
            },
        ),
        migrations.CreateModel(
            name='RollbackStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('rollback', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='training.rollback')),
                ('number', models.PositiveIntegerField()),
                ('replaces', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='replaced_in', to='training.checkpoint')),
                ('made', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='made_in_rollbacks', to='training.checkpoint')),
                ('seconds', models.FloatField(blank=True, null=True)),
            ],
            options={
                'ordering': ['rollback', 'number'],
                'constraints': [models.UniqueConstraint(fields=('rollback', 'number'), name='rollback_step_once')],
            },
        ),
        migrations.CreateModel(
            name='RollbackVoice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('rollback', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='voices', to='training.rollback')),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.member')),
                ('maintainer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('agrees', models.BooleanField()),
                ('note', models.TextField(blank=True, max_length=4000)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'ordering': ['id'],
                'constraints': [models.UniqueConstraint(fields=('rollback', 'member'), name='rollback_voice_once')],
            },
        ),
        migrations.CreateModel(
            name='Descendant',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('rollback', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='descendants', to='training.rollback')),
                ('kind', models.CharField(choices=[('base', 'base'), ('round', 'round'), ('contribution', 'contribution trained from it'), ('build', 'sovereign build'), ('derivative', 'registered derivative')], max_length=14)),
                ('subject', models.CharField(help_text='stable address, such as checkpoint:<digest>', max_length=200)),
                ('name', models.CharField(max_length=300)),
                ('member', models.ForeignKey(blank=True, help_text='whose it is', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.member')),
                ('plan', models.CharField(choices=[('replaced', 'computed again without it'), ('dropped', 'left out too'), ('kept', 'kept as it is'), ('abandoned', 'abandoned'), ('review', 'its member decides'), ('retrained', 'trained again on the new base'), ('retired', 'withdrawn from use')], max_length=12)),
                ('note', models.TextField(blank=True, max_length=4000)),
                ('done_by', models.CharField(blank=True, max_length=200)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('done_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['created_at', 'id'],
                'constraints': [models.UniqueConstraint(fields=('rollback', 'subject'), name='descendant_once')],
            },
        ),
        migrations.CreateModel(
            name='MergeRange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('merge', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='ranges', to='training.rangedmerge')),
                ('step', models.CharField(help_text='which pass over the bytes', max_length=20)),
                ('start', models.PositiveBigIntegerField()),
                ('stop', models.PositiveBigIntegerField()),
                ('sums', models.JSONField(default=dict)),
                ('sha256', models.CharField(blank=True, max_length=64)),
                ('state_sha256', models.CharField(blank=True, max_length=64)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'ordering': ['merge', 'step', 'start'],
                'constraints': [models.UniqueConstraint(fields=('merge', 'step', 'start'), name='merge_range_once'), models.CheckConstraint(condition=models.Q(('stop__gt', models.F('start'))), name='merge_range_has_elements')],
            },
        ),
        migrations.RemoveConstraint(
            model_name='decision',
            name='one_decision_per_member',
        ),
        migrations.AddField(
            model_name='checkpoint',
            name='server_state_sha256',
            field=models.CharField(blank=True, help_text='of the outer optimizer after this base; none for a plain one', max_length=64),
        ),
        migrations.AddField(
            model_name='checkpoint',
            name='weights_dropped_at',
            field=models.DateTimeField(blank=True, help_text='when the bytes of what was not promoted went; its recipe stays', null=True),
        ),
        migrations.AddField(
            model_name='contribution',
            name='bytes_dropped_at',
            field=models.DateTimeField(blank=True, help_text="when its member's wish left only the hash here", null=True),
        ),
        migrations.AddField(
            model_name='contribution',
            name='turn',
            field=models.PositiveSmallIntegerField(default=0, help_text='how often an appeal brought it back to the members'),
        ),
        migrations.AddField(
            model_name='decision',
            name='turn',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='modelfamily',
            name='head',
            field=models.ForeignKey(blank=True, help_text='the base that the next round starts from', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='training.checkpoint'),
        ),
        migrations.AlterField(
            model_name='checkpoint',
            name='standing',
            field=models.CharField(choices=[('candidate', 'candidate'), ('replayed', 'replayed'), ('base', 'base')], default='base', max_length=10),
        ),
        migrations.AlterField(
            model_name='contribution',
            name='state',
            field=models.CharField(choices=[('committed', 'committed: signed, its bytes are still to come'), ('received', 'received'), ('admitted', 'admitted to review'), ('inadmissible', 'inadmissible'), ('accepted', 'accepted'), ('rejected', 'rejected'), ('quarantined', 'quarantined'), ('merged', 'merged'), ('withdrawn', 'never delivered')], default='committed', max_length=14),
        ),
        migrations.AlterField(
            model_name='decision',
            name='verdict',
            field=models.CharField(choices=[('accept', 'accept'), ('reject', 'reject'), ('quarantine', 'quarantine')], max_length=10),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='checkpoint',
            trigger=pgtrigger.compiler.Trigger(name='checkpoint_unchanging', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."digest" IS DISTINCT FROM (NEW."digest") OR OLD."family_id" IS DISTINCT FROM (NEW."family_id") OR OLD."parent_id" IS DISTINCT FROM (NEW."parent_id") OR OLD."weights_sha256" IS DISTINCT FROM (NEW."weights_sha256") OR OLD."weights_bytes" IS DISTINCT FROM (NEW."weights_bytes") OR OLD."recipe" IS DISTINCT FROM (NEW."recipe") OR OLD."server_state_sha256" IS DISTINCT FROM (NEW."server_state_sha256") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='00c90d90edc75b57e621a3f3c3ed090694660467', operation='UPDATE', pgid='pgtrigger_checkpoint_unchanging_bea65', table='training_checkpoint', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='checkpoint',
            trigger=pgtrigger.compiler.Trigger(name='base_keeps_its_number', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."number" IS DISTINCT FROM (NEW."number") AND OLD."standing" = \'base\')', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='5c5c233835edb0a92d391e27ae5d7fa8fe65833b', operation='UPDATE', pgid='pgtrigger_base_keeps_its_number_05f9a', table='training_checkpoint', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='checkpoint',
            trigger=pgtrigger.compiler.Trigger(name='checkpoint_stands', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE _is_valid_transition BOOLEAN;', func='SELECT CONCAT(OLD."standing", \':\', NEW."standing") = ANY(\'{candidate:base,replayed:base}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."standing" IS DISTINCT FROM NEW."standing") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "standing" from "%" to "%" on table %\', OLD."standing", NEW."standing", TG_TABLE_NAME; ELSE RETURN NEW; END IF;', hash='a68045f7f25e959f2b278485ce1291012b671e75', operation='UPDATE', pgid='pgtrigger_checkpoint_stands_d6f91', table='training_checkpoint', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='contribution',
            trigger=pgtrigger.compiler.Trigger(name='contribution_moves', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE _is_valid_transition BOOLEAN;', func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{committed:received,committed:withdrawn,received:admitted,received:inadmissible,admitted:accepted,admitted:rejected,admitted:quarantined,accepted:merged,accepted:rejected,rejected:admitted,quarantined:admitted}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;', hash='af18a11a3a5ca087e967330121e3c204bcbe540d', operation='UPDATE', pgid='pgtrigger_contribution_moves_80878', table='training_contribution', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='modelfamily',
            trigger=pgtrigger.compiler.Trigger(name='family_unchanging', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."slug" IS DISTINCT FROM (NEW."slug") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."architecture" IS DISTINCT FROM (NEW."architecture") OR OLD."tokenizer" IS DISTINCT FROM (NEW."tokenizer") OR OLD."seed" IS DISTINCT FROM (NEW."seed") OR OLD."tokenizer_sha256" IS DISTINCT FROM (NEW."tokenizer_sha256") OR OLD."tokenizer_bytes" IS DISTINCT FROM (NEW."tokenizer_bytes") OR OLD."imported_id" IS DISTINCT FROM (NEW."imported_id") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='348402740bdd11fba2f6a7a0eba65679d7e7d6fb', operation='UPDATE', pgid='pgtrigger_family_unchanging_8fb60', table='training_modelfamily', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='modelfamily',
            trigger=pgtrigger.compiler.Trigger(name='family_never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='bab603d81baa1b9cbfcb7b0459987dda5858eeb1', operation='DELETE', pgid='pgtrigger_family_never_deleted_e6562', table='training_modelfamily', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='checkpoint',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('standing', 'base'), _negated=True), ('weights_dropped_at__isnull', True), _connector='OR'), name='bases_keep_their_bytes'),
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.UniqueConstraint(fields=('contribution', 'turn', 'member'), name='one_decision_per_member'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='modelseries',
            trigger=pgtrigger.compiler.Trigger(name='series_append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='15aafa30a73e53a1a513fd0601608faa816ee7e0', operation='UPDATE OR DELETE', pgid='pgtrigger_series_append_only_b39a8', table='training_modelseries', when='BEFORE')),
        ),
        migrations.AddField(
            model_name='modelfamily',
            name='series',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='families', to='training.modelseries'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='coefficient',
            trigger=pgtrigger.compiler.Trigger(name='coefficient_append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='160abd15a80c134bb0d14c36fbc1329b71dd0894', operation='UPDATE OR DELETE', pgid='pgtrigger_coefficient_append_only_97591', table='training_coefficient', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='contributionappeal',
            trigger=pgtrigger.compiler.Trigger(name='contribution_appeal_moves', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE _is_valid_transition BOOLEAN;', func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{open:upheld,open:dismissed,open:withdrawn}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;', hash='2203af2add2c537be43cd18ecc52a392f3ec7c45', operation='UPDATE', pgid='pgtrigger_contribution_appeal_moves_459e5', table='training_contributionappeal', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='contributionappealvoice',
            trigger=pgtrigger.compiler.Trigger(name='contribution_appeal_voice_append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='533a0193abaae6aa5c14f5f295eb7abd302f4d9d', operation='UPDATE OR DELETE', pgid='pgtrigger_contribution_appeal_voice_append_only_77809', table='training_contributionappealvoice', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='derivative',
            trigger=pgtrigger.compiler.Trigger(name='derivative_moves', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE _is_valid_transition BOOLEAN;', func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{registered:retired}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;', hash='14e2938a17225b7ddc2dd2390552cd2d7ce3a841', operation='UPDATE', pgid='pgtrigger_derivative_moves_34ec3', table='training_derivative', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='leaveoneout',
            trigger=pgtrigger.compiler.Trigger(name='left_out_append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='930eb48129befce36cbdc5f2e7f98a32c41adc8b', operation='UPDATE OR DELETE', pgid='pgtrigger_left_out_append_only_6191f', table='training_leaveoneout', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='probe',
            trigger=pgtrigger.compiler.Trigger(name='probe_append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='851d3ceef0814defebb69036f226b03d4923ba24', operation='UPDATE OR DELETE', pgid='pgtrigger_probe_append_only_43789', table='training_probe', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='rollback',
            trigger=pgtrigger.compiler.Trigger(name='rollback_moves', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE _is_valid_transition BOOLEAN;', func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{proposed:replaying,proposed:refused,proposed:taken-back,replaying:done,replaying:failed,failed:replaying,failed:taken-back}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;', hash='f84b299dea54c2e166ed4a3803e650c6dcef23b0', operation='UPDATE', pgid='pgtrigger_rollback_moves_04da8', table='training_rollback', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='rollbackvoice',
            trigger=pgtrigger.compiler.Trigger(name='rollback_voice_append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='d73d0086316d333de307952deb9e6b672e87adf4', operation='UPDATE OR DELETE', pgid='pgtrigger_rollback_voice_append_only_de3a9', table='training_rollbackvoice', when='BEFORE')),
        ),
        migrations.RunSQL(HEADS, migrations.RunSQL.noop),
    ]
