using Checkpoint.Model;

namespace Checkpoint.Validation;

/// <summary>What an image says beside the tasks.</summary>
internal static class NoteRules
{
    /// <summary>MAX_ERRNO.</summary>
    private const int LastErrno = 4095;

    internal static void Check(ProcessTree tree, FindingList findings)
    {
        CheckGaps(tree, findings);
        foreach (TaskEvent happened in tree.Events)
        {
            bool isPass = happened.Pass >= 1 && (happened.Pass <= tree.Capture.Passes || TreeRules.Lost(tree, "capture"));
            if (!isPass || happened.Tgid < 0 || happened.Tid < 0)
            {
                findings.Add(new Finding(
                    Rules.Event, $"an event of thread {happened.Tid} of process {happened.Tgid} is told of pass {happened.Pass} of {tree.Capture.Passes}")
                {
                    Tgid = happened.Tgid,
                });
            }
        }

        for (int i = 1; i < tree.Users.Count; i++)
        {
            if (tree.Users[i].Uid <= tree.Users[i - 1].Uid)
            {
                findings.Add(new Finding(Rules.UserOrder, $"user {tree.Users[i].Uid} comes after user {tree.Users[i - 1].Uid}"));
            }
        }
    }

    private static void CheckGaps(ProcessTree tree, FindingList findings)
    {
        Gap before = default;
        foreach (Gap gap in tree.Gaps)
        {
            if (gap.Tgid < 0 || gap.Tid < 0 || gap.Errno is < 1 or > LastErrno)
            {
                findings.Add(new Finding(Rules.Gap, $"a gap of thread {gap.Tid} of process {gap.Tgid} has errno {gap.Errno}") { Tgid = gap.Tgid, Tid = gap.Tid });
            }

            if ((gap.Tgid, gap.Tid, (int)gap.Part, gap.Errno).CompareTo((before.Tgid, before.Tid, (int)before.Part, before.Errno)) < 0)
            {
                findings.Add(new Finding(Rules.GapOrder, $"a gap of process {gap.Tgid} comes after one of process {before.Tgid}") { Tgid = gap.Tgid, Tid = gap.Tid });
            }

            before = gap;
        }
    }
}
