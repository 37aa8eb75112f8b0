using System;
using System.Runtime.InteropServices;
using Checkpoint.Linux.Procfs;
using Checkpoint.Model;
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

        if (Asked(show, TaskDiagShow.ExtSignals) && status.HasSignals && writer.TryReserve(TaskDiagAttribute.ExtSignals, TaskDiagExtSignals.Size, out room))
        {
            new TaskDiagExtSignals(status.Signals).Write(room);
        }

        if (Asked(show, TaskDiagShow.ExtNsPids) && CollectNumbers(status.NsPids, ref _blob) is int length and > 0)
        {
            _ = writer.TryAdd(TaskDiagAttribute.ExtNsPids, _blob.AsSpan(0, length));
        }

        // Groups are the one list here that may be long: they wait in a buffer of their own for their stage.
        _groupsLength = Asked(show, TaskDiagShow.ExtGroups) && status.HasGroups ? CollectNumbers(status.Groups, ref _groups) : -1;
        if (_whole)
        {
            WriteShared(ref writer, show, status);
        }
    }

    /// <summary>What the threads share; a zombie leader's status lacks it, and a living thread's has it.</summary>
    private void WriteShared(ref TaskDiagWriter writer, TaskDiagShow show, ProcStatus status)
    {
        if (_shared != 0 && Asked(show, TaskDiagShow.ExtUmask | TaskDiagShow.Statm))
        {
            _ = ReadStatus(SharedPath("status"u8), TaskDiagShow.Statm, out status);
        }

        if (Asked(show, TaskDiagShow.ExtUmask) && status.Umask is uint umask
            && writer.TryReserve(TaskDiagAttribute.ExtUmask, sizeof(uint), out Span<byte> room))
        {
            MemoryMarshal.Write(room, umask);
        }

        if (Asked(show, TaskDiagShow.Statm) && status.HasMemory && writer.TryReserve(TaskDiagAttribute.Statm, TaskDiagStatm.Size, out room))
        {
            WriteSizes(room, status);
        }
    }

    private static void WriteSizes(Span<byte> room, in ProcStatus status)
    {
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
        ByteCursor numbers = new(_stat.AsSpan(0, Math.Max(length, 0)));
        ulong pages = numbers.NextUnsigned();
        if (numbers.IsValid && writer.TryReserve(TaskDiagAttribute.ExtTotalVm, TaskDiagExtTotalVm.Size, out Span<byte> room))
        {
            new TaskDiagExtTotalVm(pages).Write(room);
        }
    }

    /// <summary>Turns decimal numbers in text into u32s.</summary>
    /// <returns>Their length in bytes; -1 when it is no list of numbers, which is a gap then.</returns>
    private int CollectNumbers(ReadOnlySpan<byte> text, ref byte[] into)
    {
        int length = 0;
        ByteCursor numbers = new(text);
        while (!numbers.AtEnd)
        {
            if (length + sizeof(uint) > into.Length)
            {
                Array.Resize(ref into, into.Length * 2);
            }

            MemoryMarshal.Write(into.AsSpan(length), numbers.NextUInt32());
            length += sizeof(uint);
        }

        return Parsed(CapturePart.Status, numbers.IsValid) ? length : -1;
    }
}
