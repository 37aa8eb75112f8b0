using System.Collections.Generic;
using System.Linq;
using Checkpoint.Cli.Selection;
using Checkpoint.Diffing;
using Checkpoint.Model;

namespace Checkpoint.Cli.Rendering;

/// <summary>
/// Differences for people: what matters to security first, then the process tree of both sides with <c>+ - ~</c> in it, below each
/// process only what changed, and the counts last.
/// </summary>
internal sealed class DiffTreeText
{
    /// <summary>How much further in a line goes on that is too long for a terminal.</summary>
    private const int Continued = 6;

    private readonly TextReport _report;
    private readonly TreeDiff _diff;
    private readonly DiffProcessText _text;
    private readonly bool _showUnchanged;

    private DiffTreeText(TextReport report, TreeDiff diff, bool showUnchanged)
    {
        _report = report;
        _diff = diff;
        _text = new DiffProcessText(diff);
        _showUnchanged = showUnchanged;
    }

    /// <summary>Writes the differences.</summary>
    /// <param name="report">Where to.</param>
    /// <param name="diff">The differences that count.</param>
    /// <param name="summary">Their counts.</param>
    /// <param name="showUnchanged">Whether processes without a change are shown.</param>
    internal static void Write(TextReport report, TreeDiff diff, DiffSummary summary, bool showUnchanged)
    {
        DiffTreeText text = new(report, diff, showUnchanged);
        if (!summary.IsEmpty || showUnchanged)
        {
            text.WriteSecurity();
            text.WriteTree();
            report.Line();
        }

        report.Wrapped(summary.Line(), Continued);
    }

    private static char Sign(ChangeAction action) => action switch
    {
        ChangeAction.Added => '+',
        ChangeAction.Removed => '-',
        ChangeAction.Changed => '~',
        _ => ' ',
    };

    private static string Concerns(SecurityConcerns concerns) =>
        string.Join(", ", ChangeWords.Of(concerns)).ToUpperInvariant().Replace('-', ' ');

    /// <summary>Whether it has a line to shout about; lines are not kept, for there may be many.</summary>
    private static bool IsConcern(ProcessDiff process) =>
        process.Concerns != SecurityConcerns.None
        || process.Fields.Any(field => field.Concerns != SecurityConcerns.None)
        || process.Vmas.Any(vma => vma.Concerns != SecurityConcerns.None)
        || process.Threads.Any(thread => thread.Fields.Any(field => field.Concerns != SecurityConcerns.None));

    private static string Pid(ProcessDiff process) => process is { Old: { } old, New: { } now } && old.Tgid != now.Tgid
        ? $"{ProcessText.Number(old.Tgid)}->{ProcessText.Number(now.Tgid)}"
        : ProcessText.Number(process.Entry.Tgid);

    /// <summary>The mark before the place, which may be long.</summary>
    private void WriteSecurity()
    {
        bool any = false;
        foreach (ProcessDiff process in _diff.Processes.Where(IsConcern))
        {
            foreach (DiffLine line in _text.Lines(process).Where(line => line.Concerns != SecurityConcerns.None))
            {
                if (!any)
                {
                    _report.Line("security", TextStyle.Label);
                }

                any = true;
                _report.Wrapped($"! {Pid(process)} {process.Entry.Leader.Comm}: {Concerns(line.Concerns)}: {line.Label}  {line.Text}", Continued, TextStyle.Alert);
            }
        }

        if (any)
        {
            _report.Line();
        }
    }

    private void WriteTree()
    {
        Dictionary<int, int> oldNodes = new(IdHash.Comparer);
        Dictionary<int, int> newNodes = new(IdHash.Comparer);
        for (int i = 0; i < _diff.Processes.Count; i++)
        {
            ProcessDiff process = _diff.Processes[i];
            if (process.Old is { } old)
            {
                oldNodes.TryAdd(old.Tgid, i);
            }

            if (process.New is { } now)
            {
                newNodes.TryAdd(now.Tgid, i);
            }
        }

        List<(int Id, int Parent)> nodes = new(_diff.Processes.Count);
        for (int i = 0; i < _diff.Processes.Count; i++)
        {
            ProcessDiff process = _diff.Processes[i];
            int parent = process.New is { } now ? newNodes.GetValueOrDefault(now.Ppid, -1) : oldNodes.GetValueOrDefault(process.Entry.Ppid, -1);
            nodes.Add((i, parent));
        }

        int root = newNodes.GetValueOrDefault(_diff.New.Capture.RootTgid, -1);
        bool[] wanted = Wanted(nodes);
        int pidColumns = 3;
        for (int i = 0; i < nodes.Count; i++)
        {
            pidColumns = wanted[i] && Pid(_diff.Processes[i]).Length is int length && length > pidColumns ? length : pidColumns;
        }

        foreach (TreeOrder.Place place in TreeOrder.Of(nodes, root))
        {
            if (wanted[place.Index])
            {
                WriteProcess(place, pidColumns);
            }
        }
    }

    /// <summary>Those that changed, and those above them.</summary>
    private bool[] Wanted(List<(int Id, int Parent)> nodes)
    {
        bool[] wanted = new bool[nodes.Count];
        for (int i = 0; i < nodes.Count; i++)
        {
            if (_showUnchanged || _diff.Processes[i].Action != ChangeAction.Unchanged)
            {
                for (int at = i; at >= 0 && !wanted[at]; at = nodes[at].Parent)
                {
                    wanted[at] = true;
                }
            }
        }

        return wanted;
    }

    private void WriteProcess(TreeOrder.Place place, int pidColumns)
    {
        ProcessDiff process = _diff.Processes[place.Index];
        string pid = Pid(process);
        _report.Write($"{Sign(process.Action)} ");
        _report.Pad(pidColumns - pid.Length);
        _report.Line($"{pid}  {place.Branch}{ProcessText.Command(process.Entry)}", process.Action == ChangeAction.Unchanged ? TextStyle.Plain : TextStyle.Label);
        int indent = pidColumns + 5 + place.Branch.Length;
        foreach (DiffLine line in _text.Lines(process))
        {
            bool isAlert = line.Concerns != SecurityConcerns.None;
            _report.Write(isAlert ? "!" : " ");
            _report.Indent(indent);
            _report.Wrapped($"{line.Sign} {line.Label}  {line.Text}{(isAlert ? "  " + Concerns(line.Concerns) : "")}", indent + Continued, isAlert ? TextStyle.Alert : TextStyle.Plain);
        }
    }
}
