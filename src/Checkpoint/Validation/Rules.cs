using System.Collections.Generic;

namespace Checkpoint.Validation;

/// <summary>All rules. <c>images/README.md</c> has the table of what each says; a test keeps the two the same.</summary>
public static class Rules
{
    /// <summary>The input can be opened and read.</summary>
    public static readonly Rule InputUnreadable = new("input.unreadable", Severity.Error);

    /// <summary>It begins as an image does.</summary>
    public static readonly Rule NotAnImage = new("container.not-an-image", Severity.Error);

    /// <summary>Format version and flags are ones that this program knows.</summary>
    public static readonly Rule FormatVersion = new("container.version", Severity.Error);

    /// <summary>The file goes on up to the end of its table.</summary>
    public static readonly Rule Truncated = new("container.truncated", Severity.Error);

    /// <summary>Frames are whole: magic, zstd stream, checksum, length.</summary>
    public static readonly Rule Frame = new("container.frame", Severity.Error);

    /// <summary>Frames and sections keep the format's limits.</summary>
    public static readonly Rule Limit = new("container.limit", Severity.Error);

    /// <summary>The table says of every section what the file holds.</summary>
    public static readonly Rule Table = new("container.table", Severity.Error);

    /// <summary>Nothing follows the table.</summary>
    public static readonly Rule Trailing = new("container.trailing", Severity.Error);

    /// <summary>A section begins with its name and version.</summary>
    public static readonly Rule SectionName = new("section.name", Severity.Error);

    /// <summary>Sections have versions that this program knows.</summary>
    public static readonly Rule SectionVersion = new("section.version", Severity.Error);

    /// <summary>Each section is there once.</summary>
    public static readonly Rule SectionTwice = new("section.twice", Severity.Error);

    /// <summary>Sections come after those that they refer to.</summary>
    public static readonly Rule SectionOrder = new("section.order", Severity.Error);

    /// <summary>All sections of the format are there.</summary>
    public static readonly Rule SectionMissing = new("section.missing", Severity.Error);

    /// <summary>A section's keys, columns, types, counts, ranges and references are those of the format.</summary>
    public static readonly Rule SectionContent = new("section.content", Severity.Error);

    /// <summary>A section that this program does not know was passed over.</summary>
    public static readonly Rule SectionUnknown = new("section.unknown", Severity.Note);

    /// <summary>The image was salvaged from a damaged one, and sections are lost.</summary>
    public static readonly Rule Salvaged = new("capture.salvaged", Severity.Warning, "capture");

    /// <summary>Clock ticks, passes and the root's pid are above 0.</summary>
    public static readonly Rule CaptureNumbers = new("capture.numbers", Severity.Error, "capture");

    /// <summary>Times and durations are not negative.</summary>
    public static readonly Rule CaptureTime = new("capture.time", Severity.Error, "capture");

    /// <summary>The boot id is a UUID.</summary>
    public static readonly Rule BootId = new("capture.boot-id", Severity.Warning, "capture");

    /// <summary>Only what the capture says was asked for is there: one process without descendants, no environment.</summary>
    public static readonly Rule CaptureScope = new("capture.scope", Severity.Error, "capture");

    /// <summary>The root is one of the processes, unless someone picked a part of the tree.</summary>
    public static readonly Rule RootMissing = new("tree.root-missing", Severity.Warning, "processes");

    /// <summary>A process other than the root has its parent outside the tree.</summary>
    public static readonly Rule ParentOutside = new("tree.parent-outside", Severity.Note, "processes");

    /// <summary>A parent started before its children, unless its pid was used again.</summary>
    public static readonly Rule ParentYounger = new("tree.parent-younger", Severity.Warning, "processes");

    /// <summary>Nobody is an ancestor of itself.</summary>
    public static readonly Rule Cycle = new("tree.cycle", Severity.Error, "processes");

    /// <summary>Pids are above 0; parent, group, session and thread count are ones that the kernel tells.</summary>
    public static readonly Rule ProcessIds = new("process.ids", Severity.Error, "processes");

    /// <summary>A umask has permission bits alone.</summary>
    public static readonly Rule Umask = new("process.umask", Severity.Error, "processes");

    /// <summary>Peak sizes are at least the sizes.</summary>
    public static readonly Rule MemoryPeak = new("process.memory-peak", Severity.Warning, "processes");

    /// <summary>The threads are as many as the kernel counted, unless an event or a gap tells why not.</summary>
    public static readonly Rule ThreadCount = new("process.thread-count", Severity.Warning, "processes");

    /// <summary>Every process has its leader, unless a gap or an event tells why not.</summary>
    public static readonly Rule LeaderMissing = new("thread.leader-missing", Severity.Error, "threads");

    /// <summary>A thread belongs to one process.</summary>
    public static readonly Rule TidTwice = new("thread.tid-twice", Severity.Error, "threads");

    /// <summary>Two threads that started at different times had the same tid.</summary>
    public static readonly Rule TidReused = new("thread.tid-reused", Severity.Note, "threads");

    /// <summary>A comm is at most 63 bytes without a NUL.</summary>
    public static readonly Rule Comm = new("thread.comm", Severity.Error, "threads");

    /// <summary>Nice and real-time priority are ones that the kernel has.</summary>
    public static readonly Rule Scheduling = new("thread.scheduling", Severity.Error, "threads");

    /// <summary>No thread started after the capture.</summary>
    public static readonly Rule StartTime = new("thread.start-time", Severity.Warning, "threads");

    /// <summary>Tracers and ids in pid namespaces are not negative.</summary>
    public static readonly Rule ThreadIds = new("thread.ids", Severity.Error, "threads");

    /// <summary>The effective capabilities are permitted ones.</summary>
    public static readonly Rule CapEffective = new("credentials.effective", Severity.Error, "credentials");

    /// <summary>The ambient capabilities are both permitted and inheritable.</summary>
    public static readonly Rule CapAmbient = new("credentials.ambient", Severity.Error, "credentials");

    /// <summary>No capability is one that this program does not know.</summary>
    public static readonly Rule CapUnknown = new("credentials.unknown", Severity.Warning, "credentials");

    /// <summary>The seccomp mode is one that the kernel has.</summary>
    public static readonly Rule Seccomp = new("credentials.seccomp", Severity.Error, "credentials");

    /// <summary>VMAs are not empty, ascend and do not overlap.</summary>
    public static readonly Rule VmaOrder = new("vma.order", Severity.Error, "spaces");

    /// <summary>VMAs and their offsets are whole pages.</summary>
    public static readonly Rule VmaAlignment = new("vma.alignment", Severity.Error, "spaces");

    /// <summary>VMAs lie where the machine has user space.</summary>
    public static readonly Rule VmaAddress = new("vma.address", Severity.Error, "spaces");

    /// <summary>VMAs refer to files that are there.</summary>
    public static readonly Rule VmaFile = new("vma.file", Severity.Error, "spaces");

    /// <summary>The pages behind a VMA are powers of two, not smaller than the machine's.</summary>
    public static readonly Rule VmaPageSize = new("vma.page-size", Severity.Error, "spaces");

    /// <summary>No more of a VMA is in memory than it is long; statistics are there for all VMAs of a list or none.</summary>
    public static readonly Rule VmaStats = new("vma.stats", Severity.Error, "spaces");

    /// <summary>A gap names a task and an errno.</summary>
    public static readonly Rule Gap = new("gap.values", Severity.Error, "gaps");

    /// <summary>Gaps ascend.</summary>
    public static readonly Rule GapOrder = new("gap.order", Severity.Error, "gaps");

    /// <summary>An event names a task, and a pass that there was.</summary>
    public static readonly Rule Event = new("event.values", Severity.Error, "events");

    /// <summary>User ids ascend.</summary>
    public static readonly Rule UserOrder = new("user.order", Severity.Error, "users");

    /// <summary>The live system is the boot that the image was taken of, so that pids can be compared.</summary>
    public static readonly Rule LiveBoot = new("live.other-boot", Severity.Note, "capture");

    /// <summary>The image was taken in the pid namespace that we are in.</summary>
    public static readonly Rule LivePidNamespace = new("live.other-pid-namespace", Severity.Note, "capture");

    /// <summary>A process of the image no longer runs.</summary>
    public static readonly Rule LiveGone = new("live.gone", Severity.Note, "processes");

    /// <summary>The pid of a process of the image is another process's now.</summary>
    public static readonly Rule LiveReplaced = new("live.replaced", Severity.Note, "processes");

    /// <summary>Every rule, as the table has them.</summary>
    public static IReadOnlyList<Rule> All { get; } =
    [
        InputUnreadable, NotAnImage, FormatVersion, Truncated, Frame, Limit, Table, Trailing,
        SectionName, SectionVersion, SectionTwice, SectionOrder, SectionMissing, SectionContent, SectionUnknown,
        Salvaged, CaptureNumbers, CaptureTime, BootId, CaptureScope,
        RootMissing, ParentOutside, ParentYounger, Cycle,
        ProcessIds, Umask, MemoryPeak, ThreadCount,
        LeaderMissing, TidTwice, TidReused, Comm, Scheduling, StartTime, ThreadIds,
        CapEffective, CapAmbient, CapUnknown, Seccomp,
        VmaOrder, VmaAlignment, VmaAddress, VmaFile, VmaPageSize, VmaStats,
        Gap, GapOrder, Event, UserOrder,
        LiveBoot, LivePidNamespace, LiveGone, LiveReplaced,
    ];
}
