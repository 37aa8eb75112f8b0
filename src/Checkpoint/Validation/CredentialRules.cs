using System.Collections.Generic;
using System.Numerics;
using System.Runtime.CompilerServices;
using Checkpoint.Model;

namespace Checkpoint.Validation;

/// <summary>
/// What a task may do. The kernel reads credentials as one object, so no race mixes them. Not checked, because the kernel
/// permits it: permitted capabilities outside the bounding set (dropped from it later), inheritable ones outside the permitted.
/// </summary>
internal static class CredentialRules
{
    /// <summary>CAP_CHECKPOINT_RESTORE, the highest capability up to Linux 6.18 at least.</summary>
    private const int LastCapability = 40;

    /// <summary>SECCOMP_MODE_DEAD, which <c>status</c> shows of a task that its filter killed and that is not gone yet.</summary>
    private const uint LastSeccompMode = 3;

    internal static void Check(ProcessTree tree, FindingList findings)
    {
        // Equal credentials of an image are one object.
        HashSet<Credentials> seen = new(IdentityComparer.Instance);
        foreach (ProcessEntry process in tree.Processes)
        {
            foreach (ThreadEntry thread in process.Threads)
            {
                if (thread.Credentials is { } credentials && seen.Add(credentials))
                {
                    Check(process, thread, credentials, findings);
                }
            }
        }
    }

    private static void Check(ProcessEntry process, ThreadEntry thread, Credentials c, FindingList findings)
    {
        if ((c.CapEffective & ~c.CapPermitted) is ulong effective and not 0)
        {
            findings.Add(Of(Rules.CapEffective, process, thread, $"has effective capabilities that are not permitted: {Bits(effective)}"));
        }

        if (c.CapAmbient is ulong ambient && (ambient & ~(c.CapPermitted & c.CapInheritable)) is ulong more and not 0)
        {
            findings.Add(Of(Rules.CapAmbient, process, thread, $"has ambient capabilities that are not both permitted and inheritable: {Bits(more)}"));
        }

        ulong all = c.CapEffective | c.CapPermitted | c.CapInheritable | c.CapBounding | (c.CapAmbient ?? 0);
        if (all >> (LastCapability + 1) != 0)
        {
            findings.Add(Of(
                Rules.CapUnknown, process, thread, $"has capabilities above {LastCapability}: {Bits(all & (ulong.MaxValue << (LastCapability + 1)))}"));
        }

        if (c.Seccomp > LastSeccompMode)
        {
            findings.Add(Of(Rules.Seccomp, process, thread, $"has seccomp mode {c.Seccomp}"));
        }
    }

    private static string Bits(ulong set) =>
        BitOperations.IsPow2(set) ? $"{BitOperations.Log2(set)}" : $"0x{set:x16}";

    private static Finding Of(Rule rule, ProcessEntry process, ThreadEntry thread, string what) =>
        new(rule, $"thread {thread.Tid} of process {process.Tgid} {what}") { Tgid = process.Tgid, Tid = thread.Tid };

    private sealed class IdentityComparer : IEqualityComparer<Credentials>
    {
        public static readonly IdentityComparer Instance = new();

        public bool Equals(Credentials? x, Credentials? y) => ReferenceEquals(x, y);

        public int GetHashCode(Credentials obj) => RuntimeHelpers.GetHashCode(obj);
    }
}
