using System;
using System.Runtime.InteropServices;
using Checkpoint.Linux.Procfs;
using Checkpoint.TaskDiag;

namespace Checkpoint.Linux.Transports;

/// <content>The attributes that come from status.</content>
internal sealed partial class ProcfsTask
{
    private void WriteStatus(ref TaskDiagWriter writer, TaskDiagShow show, in ProcStatus status)
    {
        if (Asked(show, TaskDiagShow.Cred) && writer.TryReserve(TaskDiagAttribute.Cred, TaskDiagCred.Size, out Span<byte> room))
        {
            new TaskDiagCred(
                status.CapInheritable, status.CapPermitted, status.CapEffective, status.CapBounding, status.Uid, status.Gid).Write(room);
        }

        if (Asked(show, TaskDiagShow.ExtSecurity) && writer.TryReserve(TaskDiagAttribute.ExtSecurity, TaskDiagExtSecurity.Size, out room))
        {
            new TaskDiagExtSecurity(status.CapAmbient, status.NoNewPrivs is uint on ? on != 0 : null, status.Seccomp, status.SeccompFilters).Write(room);
        }

        if (Asked(show, TaskDiagShow.ExtSignals) && writer.TryReserve(TaskDiagAttribute.ExtSignals, TaskDiagExtSignals.Size, out room))
        {
            new TaskDiagExtSignals(status.Signals).Write(room);
        }

        if (Asked(show, TaskDiagShow.ExtNsPids))
        {
            _ = writer.TryAdd(TaskDiagAttribute.ExtNsPids, _blob.AsSpan(0, CollectNumbers(status.NsPids)));
        }

        if (_whole && Asked(show, TaskDiagShow.ExtUmask) && status.Umask is uint umask
            && writer.TryReserve(TaskDiagAttribute.ExtUmask, sizeof(uint), out room))
        {
            MemoryMarshal.Write(room, umask);
        }

        // Groups are the one list here that may be long: they wait in the blob buffer for their stage.
        _groupsLength = Asked(show, TaskDiagShow.ExtGroups) ? CollectNumbers(status.Groups) : 0;
        if (_whole && Asked(show, TaskDiagShow.Statm))
        {
            WriteStatm(ref writer, status);
        }
    }

    private void WriteStatm(ref TaskDiagWriter writer, ProcStatus status)
    {
        // A zombie leader's status lacks the sizes; a living thread's has them.
        if ((!status.HasMemory && (_shared == 0 || !ReadStatus(SharedPath("status"u8), TaskDiagShow.Statm, out status) || !status.HasMemory))
            || !writer.TryReserve(TaskDiagAttribute.Statm, TaskDiagStatm.Size, out Span<byte> room))
        {
            return;
        }

        ulong pageKb = (ulong)Environment.SystemPageSize / 1024;
        new TaskDiagStatm(
            Anon: status.RssAnonKb / pageKb,
            File: status.RssFileKb / pageKb,
            Shmem: status.RssShmemKb / pageKb,
            TotalVm: status.VmSizeKb / pageKb,
            TotalRss: status.VmRssKb / pageKb,
            HiwaterVm: status.VmPeakKb / pageKb,
            HiwaterRss: status.VmHwmKb / pageKb,
            Text: status.VmExeKb / pageKb,
            Lib: status.VmLibKb / pageKb,
            Swap: status.VmSwapKb / pageKb,
            PtesBytes: status.VmPteKb * 1024,
            Pmds: 0,
            LockedVm: status.VmLckKb / pageKb,
            PinnedVm: status.VmPinKb / pageKb,
            DataVm: status.VmDataKb / pageKb,
            StackVm: status.VmStkKb / pageKb).Write(room);
    }

    /// <summary>The size of the address space after its VMAs were walked, by which a reader sees that they changed meanwhile.</summary>
    private void WriteTotalVm(ref TaskDiagWriter writer)
    {
        int length = ProcFile.ReadOnce(_cursor.Directory, SharedPath("statm"u8), ref _stat);
        if (length > 0 && writer.TryReserve(TaskDiagAttribute.ExtTotalVm, TaskDiagExtTotalVm.Size, out Span<byte> room))
        {
            new TaskDiagExtTotalVm(new ByteCursor(_stat.AsSpan(0, length)).NextUnsigned()).Write(room);
        }
    }

    /// <summary>Turns decimal numbers in text into u32s in the blob buffer.</summary>
    /// <returns>Their length in bytes.</returns>
    private int CollectNumbers(ReadOnlySpan<byte> text)
    {
        int length = 0;
        ByteCursor numbers = new(text);
        while (!numbers.AtEnd)
        {
            if (length + sizeof(uint) > _blob.Length)
            {
                Array.Resize(ref _blob, _blob.Length * 2);
            }

            MemoryMarshal.Write(_blob.AsSpan(length), (uint)numbers.NextUnsigned());
            length += sizeof(uint);
        }

        return length;
    }
}
