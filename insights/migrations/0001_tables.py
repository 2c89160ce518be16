import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from config.tables import CreateModels


class Migration(migrations.Migration):

    # Whoever ran Ebb before its first release has these, and so has these tables.
    replaces = [
        ('insights', '0001_initial'),
        ('insights', '0002_suggested'),
        ('insights', '0003_shares'),
        ('insights', '0004_report_files'),
        ('insights', '0005_experiment_results'),
    ]

    initial = True

    dependencies = [
        ('diary', '0002_tables'),
    ]

    operations = [
        CreateModels(
        migrations.CreateModel(
            name='ExperimentResult',
            fields=[
                ('experiment', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, serialize=False, to='diary.experiment')),
                ('recipe', models.PositiveSmallIntegerField()),
                ('inputs', models.BinaryField(max_length=32)),
                ('result', models.JSONField()),
                ('computed_at', models.DateTimeField()),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='ReportFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(unique=True)),
                ('scope', models.JSONField()),
                ('language', models.CharField(max_length=12)),
                ('progress', models.PositiveSmallIntegerField(default=0)),
                ('data', models.BinaryField(null=True)),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('claimed_until', models.DateTimeField(null=True)),
                ('made_at', models.DateTimeField(null=True)),
                ('expires_at', models.DateTimeField(db_index=True)),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Share',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(unique=True)),
                ('proof', models.CharField(max_length=64)),
                ('pin', models.CharField(blank=True, max_length=200)),
                ('wrong_pins', models.PositiveSmallIntegerField(default=0)),
                ('scope', models.JSONField()),
                ('made_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('revoked_at', models.DateTimeField(null=True)),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Opening',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('share', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='openings', to='insights.share')),
            ],
        ),
        migrations.CreateModel(
            name='Suggested',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('passage', models.CharField(max_length=40)),
                ('first_shown', models.DateField(null=True)),
                ('last_shown', models.DateField(null=True)),
                ('answer', models.CharField(blank=True, choices=[('', 'Not answered'), ('tried', 'Tried it'), ('not-for-me', 'Not for me'), ('later', 'Later')], default='', max_length=10)),
                ('answered_at', models.DateTimeField(null=True)),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name_plural': 'suggested',
                'constraints': [models.UniqueConstraint(models.F('owner'), models.F('passage'), name='suggested_once')],
            },
        ),
        migrations.CreateModel(
            name='WeekSummary',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField()),
                ('number', models.PositiveSmallIntegerField()),
                ('finished', models.BooleanField()),
                ('recipe', models.PositiveSmallIntegerField()),
                ('inputs', models.BinaryField(max_length=32)),
                ('result', models.JSONField()),
                ('computed_at', models.DateTimeField()),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name_plural': 'week summaries',
                'constraints': [models.UniqueConstraint(models.F('owner'), models.F('year'), models.F('number'), name='week_summary_once')],
            },
        ),
        ),
    ]
