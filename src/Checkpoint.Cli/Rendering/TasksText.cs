using System;
using System.Collections.Generic;
using System.IO;
using System.Text;
using Checkpoint.TaskDiag;

namespace Checkpoint.Cli.Rendering;

/// <summary>Tasks as lines of columns; VMAs and gaps are indented below their task.</summary>
/// <param name="writer">Where to; closed at the end.</param>
/// <param name="width">Columns after which lines are cut; 0 = never.</param>
internal sealed class TasksText(TextWriter writer, int width) : TasksOutput
{
    private readonly TextReport _report = new(writer, width, color: false);
    private readonly StringBuilder _line = new();
    private List<TasksColumns.Column> _columns = [];

    /// <inheritdoc/>
    internal override void Begin(TaskDiagShow shown)
    {
        _columns = TasksColumns.For(shown);
        WriteRow(static (column, _) => column.Heading, null);
    }

    /// <inheritdoc/>
    internal override void Values(TasksRecord task, TaskDiagShow fresh) => WriteRow(static (column, row) => column.Cell(row!), task);

    /// <inheritdoc/>
    internal override void Mapping(in TaskDiagVma vma, ReadOnlySpan<byte> name, TaskDiagVmaStat? stat)
    {
        TasksVmas.AppendMaps(_line.Clear().Append(' ', 4), vma, name);
        WriteLine();
        if (stat is { } told)
        {
            TasksVmas.AppendSmaps(_line.Clear().Append(' ', 8), vma, told);
            WriteLine();
        }
    }

    /// <inheritdoc/>
    internal override void End(TasksRecord task)
    {
        foreach (TaskDiagExtGap gap in task.Gaps)
        {
            _report.Line($"    no {KernelNames.Part(gap.Part)}: {ErrnoNames.Name(gap.Errno)}");
        }
    }

    /// <inheritdoc/>
    internal override void Complete()
    {
    }

    /// <inheritdoc/>
    internal override void Flush() => writer.Flush();

    /// <inheritdoc/>
    public override void Dispose() => writer.Dispose();

    private void WriteLine()
    {
        if (width > 0)
        {
            _report.Line(_line.ToString());
        }
        else
        {
            writer.Write(_line.Append('\n'));
        }
    }

    private void WriteRow(Func<TasksColumns.Column, TasksRecord?, string> cell, TasksRecord? task)
    {
        for (int i = 0; i < _columns.Count; i++)
        {
            TasksColumns.Column column = _columns[i];
            string text = cell(column, task);
            int padding = Math.Abs(column.Width) - Columns.Of(text);
            if (column.Width > 0)
            {
                _report.Pad(padding);
            }

            _report.Write(text);
            if (i < _columns.Count - 1)
            {
                _report.Pad(1 + (column.Width < 0 ? padding : 0));
            }
        }

        _report.Line();
    }
}
