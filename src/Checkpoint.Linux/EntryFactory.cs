using System.Collections.Generic;
using Checkpoint.Linux.Interop;
using Checkpoint.Model;
using Checkpoint.TaskDiag;

namespace Checkpoint.Linux;

/// <summary>
/// Makes model entries of drafts. Equal credentials become one instance. What was not told is null; where the model has no
/// null, it is 0 and the draft has a gap.
/// </summary>
internal sealed class EntryFactory(uint pageSize, CaptureBudget budget)
{
    private readonly Dictionary<Credentials, Credentials> _credentials = [];

    /// <summary>A process of its threads' drafts.</summary>
    /// <param name="leader">The leader's draft; it exists.</param>
    /// <param name="threads">All drafts, the leader's among them; those that vanished are passed over.</param>
    /// <returns>The entry, without its VMAs.</returns>
    internal ProcessEntry Process(TaskDraft leader, List<TaskDraft> threads)
    {
        TaskDiagBase basics = leader.Base!.Value;
        List<ThreadEntry> entries = new(threads.Count);
        foreach (TaskDraft thread in threads)
        {
            if (thread.Exists)
            {
                entries.Add(Thread(thread));
            }
        }

        entries.Sort((a, b) => a.Tid.CompareTo(b.Tid));
        return new ProcessEntry
        {
            Tgid = leader.Tgid,
            Ppid = (int)basics.Ppid,
            Pgid = (int)basics.Pgid,
            Sid = (int)basics.Sid,
            TtyNr = leader.Sched.TtyNr,
            TpGid = leader.Sched.TpGid,
            ExitSignal = leader.Sched.ExitSignal,
            ExitCode = leader.Sched.ExitCode,
            ThreadCount = (leader.Group ?? leader.Stat) is TaskDiagStat stat ? (int)stat.Threads : entries.Count,
            Cmdline = leader.Cmdline ?? (leader.HasMemory ? null : default(ByteString)),
            Environ = leader.Environ,
            Exe = leader.Exe,
            ExeDeleted = leader.ExeDeleted,
            Cwd = leader.Cwd,
            Root = leader.Root,
            Umask = leader.Umask,
            Namespaces = leader.Namespaces,
            Counters = leader.Group?.Counters ?? default,
            Memory = leader.Statm is TaskDiagStatm statm ? Memory(statm) : null,
            Layout = leader.Layout,
            Threads = entries,
        };
    }

    /// <summary>Notes what a capture of everything should have told of a task and has not.</summary>
    /// <param name="draft">A task that exists.</param>
    internal static void NoteUntold(TaskDraft draft)
    {
        bool leads = draft.Tid == draft.Tgid;
        if (draft.Stat is null || (leads && draft.Group is null))
        {
            draft.NoteGap(CapturePart.Stat);
        }

        if (draft.Cred is null)
        {
            draft.NoteGap(CapturePart.Status);
        }

        if (leads && draft.Cmdline is null && draft.HasMemory)
        {
            draft.NoteGap(CapturePart.Cmdline);
        }
    }

    private ThreadEntry Thread(TaskDraft draft)
    {
        TaskDiagBase basics = draft.Base!.Value;
        return new ThreadEntry
        {
            Tid = draft.Tid,
            Comm = draft.LongComm ?? new ByteString(basics.Comm.Span),
            State = basics.State,
            StartTimeTicks = draft.Sched.StartTimeTicks,
            Flags = draft.Sched.Flags,
            Priority = draft.Sched.Priority,
            Nice = draft.Sched.Nice,
            RtPriority = draft.Sched.RtPriority,
            Policy = draft.Sched.Policy,
            Processor = draft.Sched.Processor,
            TracerPid = (int)basics.TracerPid,
            Counters = draft.Stat?.Counters ?? default,
            Credentials = draft.Cred is TaskDiagCred cred ? Intern(cred, draft) : null,
            Signals = draft.Signals,
            NsPids = draft.NsPids,
        };
    }

    private Credentials Intern(TaskDiagCred cred, TaskDraft draft)
    {
        Credentials credentials = new()
        {
            Uid = cred.Uid,
            Gid = cred.Gid,
            Groups = draft.Groups,
            CapInheritable = cred.CapInheritable,
            CapPermitted = cred.CapPermitted,
            CapEffective = cred.CapEffective,
            CapBounding = cred.CapBounding,
            CapAmbient = draft.Security.CapAmbient,
            NoNewPrivs = draft.Security.NoNewPrivs,
            Seccomp = draft.Security.Seccomp,
            SeccompFilters = draft.Security.SeccompFilters,
            Label = draft.Label,
        };
        if (_credentials.TryGetValue(credentials, out Credentials? known))
        {
            return known;
        }

        if (credentials.Groups is { Length: > 0 } groups && !budget.AllowsGroups(groups.Length))
        {
            draft.Gaps.Add(new TaskDiagExtGap(CapturePart.Status, Errno.E2BIG));
            return credentials with { Groups = null };
        }

        _credentials.Add(credentials, credentials);
        return credentials;
    }

    private MemoryCounters Memory(TaskDiagStatm statm) => new()
    {
        VmPeak = statm.HiwaterVm * pageSize,
        VmSize = statm.TotalVm * pageSize,
        VmLck = statm.LockedVm * pageSize,
        VmPin = statm.PinnedVm * pageSize,
        VmHwm = statm.HiwaterRss * pageSize,
        VmRss = statm.TotalRss * pageSize,
        RssAnon = statm.Anon * pageSize,
        RssFile = statm.File * pageSize,
        RssShmem = statm.Shmem * pageSize,
        VmData = statm.DataVm * pageSize,
        VmStk = statm.StackVm * pageSize,
        VmExe = statm.Text * pageSize,
        VmLib = statm.Lib * pageSize,
        VmPte = statm.PtesBytes,
        VmSwap = statm.Swap * pageSize,
    };
}
