using System.Collections.Generic;
using System.Linq;
using Checkpoint.Diffing;
using Checkpoint.Model;

namespace Checkpoint.Cli.Rendering;

/// <summary>The changes of one process for people: what is the same for all its threads once, what its totals say already not at all.</summary>
/// <param name="diff">The trees.</param>
internal sealed class DiffProcessText(TreeDiff diff)
{
    private readonly DiffFieldText _fields = new(diff);
    private readonly DiffVmaText _vmas = new(diff);

    /// <summary>Lines about the threads of one process; what has more is told in numbers.</summary>
    private const int MostThreadLines = 2000;

    /// <summary>The lines of a process.</summary>
    internal List<DiffLine> Lines(ProcessDiff process)
    {
        List<DiffLine> lines = [];
        if (process is not { Old: { } old, New: { } @new })
        {
            if (process.Concerns != SecurityConcerns.None)
            {
                lines.Add(new DiffLine('+', "vma", "new process with such memory", process.Concerns));
            }

            return lines;
        }

        if (process.Executed)
        {
            lines.Add(new DiffLine('~', "exec", $"executed {new ByteStringText(@new.Exe)} in place of {new ByteStringText(old.Exe)}", SecurityConcerns.None));
        }

        if (process.Exited)
        {
            lines.Add(new DiffLine('~', "state", $"exited{ExitText(@new)}, not reaped", SecurityConcerns.None));
        }

        foreach (FieldChange change in process.Fields)
        {
            if (change.Field.Kind != ChangeKind.Counter && !(process.Exited && IsOfExit(change)) && !(process.Executed && change.Field.Kind == ChangeKind.Layout))
            {
                lines.Add(new DiffLine('~', change.Field.Name, _fields.Of(change), change.Concerns));
            }
        }

        AddThreads(lines, process, @new);
        if (!process.Exited)
        {
            AddVmas(lines, process, old, @new);
            AddCounters(lines, process);
        }

        return lines;
    }

    /// <summary>How it ended, if the kernel told: wait(2) has the form.</summary>
    private static string ExitText(ProcessEntry process)
    {
        const int SignalBits = 0x7f;
        const int StatusShift = 8;
        int code = process.ExitCode;
        return (code & SignalBits) != 0 ? ": " + SignalNames.Name(code & SignalBits) + ((code & 0x80) != 0 ? " (core dumped)" : "")
            : code != 0 ? ": " + ProcessText.Number(code >> StatusShift)
            : "";
    }

    /// <summary>What the line about the exit says already, or what is gone with the address space and the open files.</summary>
    private static bool IsOfExit(FieldChange change) =>
        change.Field.Name is "exit_code" or "state" or "flags" or "not_captured" or "thread_not_captured" or "exe_deleted"
        || change.New.IsNone || (change.Field.Format is FieldFormat.Strings or FieldFormat.Variables && change.New.Bytes.IsEmpty)
        || (change.Field.Kind is ChangeKind.Signals or ChangeKind.Namespaces or ChangeKind.Layout);

    private void AddThreads(List<DiffLine> lines, ProcessDiff process, ProcessEntry @new)
    {
        Dictionary<(DiffField, FieldValue, FieldValue), int> counts = [];
        foreach (FieldChange change in process.Threads.SelectMany(thread => thread.Fields))
        {
            // Beyond these nothing is written any more.
            if (counts.TryGetValue((change.Field, change.Old, change.New), out int before) || counts.Count < MostThreadLines)
            {
                counts[(change.Field, change.Old, change.New)] = before + 1;
            }
        }

        int begin = lines.Count;
        int untold = 0;
        SecurityConcerns concerns = SecurityConcerns.None;

        HashSet<(DiffField, FieldValue, FieldValue)> told = [];
        foreach (ThreadDiff thread in process.Threads)
        {
            string name = $"{ProcessText.Number(thread.Entry.Tid)} {thread.Entry.Comm}";
            if (lines.Count - begin >= MostThreadLines)
            {
                untold++;
                foreach (FieldChange change in thread.Fields)
                {
                    concerns |= change.Concerns;
                }

                continue;
            }

            if (thread.Action != ChangeAction.Changed)
            {
                lines.Add(new DiffLine(thread.Old is null ? '+' : '-', "thread", name, SecurityConcerns.None));
            }

            foreach (FieldChange change in thread.Fields.Where(change => change.Field.Kind != ChangeKind.Counter && !(process.Exited && IsOfExit(change))))
            {
                int count = counts.GetValueOrDefault((change.Field, change.Old, change.New), 1);
                bool isLeader = thread.Entry.Tid == @new.Tgid;
                if (count == 1)
                {
                    lines.Add(new DiffLine('~', isLeader && @new.Threads.Count == 1 ? change.Field.Name : $"{change.Field.Name} of thread {name}", _fields.Of(change), change.Concerns));
                }
                else if (told.Add((change.Field, change.Old, change.New)))
                {
                    string all = count == @new.Threads.Count ? $"all {count} threads" : $"{count} threads";
                    lines.Add(new DiffLine('~', $"{change.Field.Name} of {all}", _fields.Of(change), change.Concerns));
                }
            }
        }

        if (untold > 0)
        {
            lines.Add(new DiffLine('~', "threads", $"{Quantity.Count(untold, "more thread")} (--json has all)", concerns));
        }
    }

    /// <summary>All on one line. Faults and CPU times of threads add up to those of the process.</summary>
    private void AddCounters(List<DiffLine> lines, ProcessDiff process)
    {
        List<string> counters = [];
        foreach (FieldChange change in process.Fields.Where(change => change.Field.Kind == ChangeKind.Counter))
        {
            counters.Add($"{change.Field.Name} {_fields.Of(change)}");
        }

        int threads = process.Threads.Count(thread => thread.Fields.Any(change => change.Field.Kind == ChangeKind.Counter));
        if (counters.Count == 0 && threads > 0)
        {
            counters.Add("those of " + Quantity.Count(threads, "thread"));
        }

        if (counters.Count > 0)
        {
            lines.Add(new DiffLine('~', "counters", string.Join(", ", counters), SecurityConcerns.None));
        }
    }

    private void AddVmas(List<DiffLine> lines, ProcessDiff process, ProcessEntry old, ProcessEntry @new)
    {
        bool isGone = old.Space is { Vmas.IsEmpty: false } && @new.Space is null or { Vmas.IsEmpty: true };
        if (process.Vmas.Count == 0 || !(process.Executed || isGone))
        {
            lines.AddRange(_vmas.Lines(process.Vmas));
            return;
        }

        // Nobody wants to read that all of an address space went: only what is worth a warning.
        int added = process.Vmas.Count(vma => (vma.Aspects & VmaAspects.Mapped) != 0);
        int removed = process.Vmas.Count(vma => (vma.Aspects & VmaAspects.Unmapped) != 0);
        string why = isGone ? "the address space is gone" : "a new address space";
        lines.Add(new DiffLine('~', "vma", $"+{added} -{removed} ~{process.Vmas.Count - added - removed}: {why}", SecurityConcerns.None));
        lines.AddRange(_vmas.Lines(process.Vmas.Where(vma => vma.Concerns != SecurityConcerns.None)));
    }

    /// <summary>A path that may be missing.</summary>
    private readonly record struct ByteStringText(ByteString? Path)
    {
        public override string ToString() => Path is { } path ? path.ToString() : "(unknown)";
    }
}
