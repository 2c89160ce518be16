import django.db.models.deletion
from django.db import migrations, models

PIECE = 1_000_000  # bytes


def cut(apps, schema_editor):
    """Files that wait for their owner or for a worker go on waiting."""
    Piece = apps.get_model("diary", "Piece")
    waiting = apps.get_model("diary", "Batch").objects.exclude(file=None)
    for pk in list(waiting.values_list("pk", flat=True)):
        file = bytes(waiting.values_list("file", flat=True).get(pk=pk))
        for number, start in enumerate(range(0, len(file), PIECE)):
            data = file[start : start + PIECE]
            Piece.objects.create(batch_id=pk, number=number, data=data)


class Migration(migrations.Migration):
    dependencies = [
        ("diary", "0016_reminders"),
    ]

    operations = [
        migrations.CreateModel(
            name="Piece",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField(editable=False)),
                ("data", models.BinaryField()),
                ("batch", models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name="pieces", to="diary.batch")),
            ],
        ),
        migrations.AddConstraint(
            model_name="piece",
            constraint=models.UniqueConstraint(models.F("batch"), models.F("number"), name="piece_once"),
        ),
        migrations.RunPython(cut, migrations.RunPython.noop),
        migrations.RemoveField(model_name="batch", name="file"),
    ]
