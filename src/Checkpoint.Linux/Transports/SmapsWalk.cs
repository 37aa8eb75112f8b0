using System;
using Checkpoint.Linux.Interop;
using Checkpoint.Linux.Procfs;
using Checkpoint.TaskDiag;

namespace Checkpoint.Linux.Transports;

/// <summary>
/// VMAs with page statistics and all flags, from text <c>smaps</c>: the kernel walks the page tables for it, so it is read only
/// when those are asked for.
/// </summary>
internal sealed class SmapsWalk : MapsWalk
{
    /// <summary>Name of the source, as the image records it.</summary>
    internal const string SourceName = "smaps";

    /// <inheritdoc/>
    internal override string Source => SourceName;

    /// <inheritdoc/>
    protected override bool HasStat => true;

    /// <inheritdoc/>
    internal override bool TellsPageSizes => true;

    /// <inheritdoc/>
    internal override ReadOnlySpan<byte> FileName => "smaps"u8;

    /// <inheritdoc/>
    protected override int ReadDetails()
    {
        SmapsParser details = default;
        while (true)
        {
            int read = Lines.Next(out ReadOnlySpan<byte> line);
            if (read < 0)
            {
                return read;
            }

            if (read == 0 || SmapsParser.IsHead(line))
            {
                if (read > 0)
                {
                    Lines.Unread(line.Length);
                }

                if (details.Failed)
                {
                    return -Errno.EPROTO;
                }

                PageSize = details.KernelPageSizeKb * 1024;
                SetStat(details);
                return 1;
            }

            if (line.StartsWith("VmFlags:"u8))
            {
                Current = Current with { Flags = VmFlagNames.Parse(line["VmFlags:".Length..], Current.Flags) };
            }
            else
            {
                details.Add(line);
            }
        }
    }

    private void SetStat(in SmapsParser details) => Stat = new TaskDiagVmaStat(
        Resident: details.RssKb * 1024,
        SharedClean: details.SharedCleanKb * 1024,
        SharedDirty: details.SharedDirtyKb * 1024,
        PrivateClean: details.PrivateCleanKb * 1024,
        PrivateDirty: details.PrivateDirtyKb * 1024,
        Referenced: details.ReferencedKb * 1024,
        Anonymous: details.AnonymousKb * 1024,
        AnonymousThp: details.AnonHugePagesKb * 1024,
        Swap: details.SwapKb * 1024,
        PssShifted: (details.PssKb * 1024) << TaskDiagVmaStat.PssShift,
        Locked: details.LockedKb * 1024,
        ShmemPmdMapped: details.ShmemPmdMappedKb * 1024,
        FilePmdMapped: details.FilePmdMappedKb * 1024,
        SharedHugetlb: details.SharedHugetlbKb * 1024,
        PrivateHugetlb: details.PrivateHugetlbKb * 1024,
        SwapPss: details.SwapPssKb * 1024);
}
