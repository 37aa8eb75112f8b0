using System;
using System.Runtime.CompilerServices;
using Checkpoint.Model;

namespace Checkpoint.Linux.Procfs;

/// <summary><c>/proc/[pid]/status</c> (proc_pid_status(5)): "Key:\tvalue" lines. Keys that a kernel lacks leave their fields unset.</summary>
internal ref struct ProcStatus
{
    private const int ShortestKey = 4;
    private const int MemoryLines = 15;
    private const int SignalLines = 5;
    private const int CredentialLines = 6;

    private int _memoryLines;
    private int _signalLines;
    private int _credentialLines;
    private bool _failed;

    internal uint? Umask;
    internal int TracerPid;
    internal IdSet Uid;
    internal IdSet Gid;

    /// <summary>Whether there was a line Groups.</summary>
    internal bool HasGroups;

    /// <summary>The text of Groups: decimal numbers and blanks.</summary>
    internal ReadOnlySpan<byte> Groups;

    /// <summary>The text of NSpid: decimal numbers and blanks, outermost namespace first.</summary>
    internal ReadOnlySpan<byte> NsPids;

    /// <summary>Whether the lines of all sizes were there: kernel threads and zombies have none.</summary>
    internal readonly bool HasMemory => _memoryLines == MemoryLines;

    /// <summary>Whether the lines of all signal sets were there.</summary>
    internal readonly bool HasSignals => _signalLines == SignalLines;

    internal ulong VmPeakKb, VmSizeKb, VmLckKb, VmPinKb, VmHwmKb, VmRssKb, RssAnonKb, RssFileKb, RssShmemKb;
    internal ulong VmDataKb, VmStkKb, VmExeKb, VmLibKb, VmPteKb, VmSwapKb;
    internal ulong SigPending, SigSharedPending, SigBlocked, SigIgnored, SigCaught;
    internal ulong CapInheritable, CapPermitted, CapEffective, CapBounding;
    internal ulong? CapAmbient;
    internal uint? NoNewPrivs;
    internal uint? Seccomp;
    internal uint? SeccompFilters;

    /// <summary>The five signal sets.</summary>
    internal readonly SignalSets Signals => new(SigPending, SigSharedPending, SigBlocked, SigIgnored, SigCaught);

    /// <summary>Parses the whole file.</summary>
    /// <param name="text">The file; the result points into it.</param>
    /// <param name="withMemory">Whether the sizes are wanted; without, they and <see cref="HasMemory"/> stay unset.</param>
    /// <param name="withSignals">Whether the signal sets are wanted.</param>
    /// <param name="status">The fields.</param>
    /// <returns>Whether all lines of the credentials were there, and every number that was wanted is one.</returns>
    internal static bool TryParse(ReadOnlySpan<byte> text, bool withMemory, bool withSignals, out ProcStatus status)
    {
        status = default;
        while (!text.IsEmpty)
        {
            int end = text.IndexOf((byte)'\n');
            ReadOnlySpan<byte> line = end < 0 ? text : text[..end];
            text = end < 0 ? default : text[(end + 1)..];
            if (line.Length > ShortestKey)
            {
                status.Take(line, withMemory, withSignals);
            }
        }

        return status._credentialLines == CredentialLines && !status._failed;
    }

    // The first letter leaves few keys to compare with; a line that is not kept, about every second one, costs little.
    private void Take(ReadOnlySpan<byte> line, bool withMemory, bool withSignals)
    {
        switch (line[0])
        {
            case (byte)'V' when withMemory: TakeSize(line); break;
            case (byte)'R' when withMemory: TakeResident(line); break;
            case (byte)'S' when line[1] == (byte)'e': TakeSeccomp(line); break;
            case (byte)'S' when withSignals: TakeSignals(line); break;
            case (byte)'C': TakeCapabilities(line); break;
            case (byte)'U' or (byte)'G' or (byte)'N' or (byte)'T': TakeOther(line); break;
            default: break;
        }
    }

    private void TakeOther(ReadOnlySpan<byte> line)
    {
        if (Is(line, "Uid:"u8, out ReadOnlySpan<byte> value)) { Uid = Ids(value); _credentialLines++; }
        else if (Is(line, "Gid:"u8, out value)) { Gid = Ids(value); _credentialLines++; }
        else if (Is(line, "Groups:"u8, out value)) { Groups = value; HasGroups = true; }
        else if (Is(line, "NSpid:"u8, out value)) { NsPids = value; }
        else if (Is(line, "TracerPid:"u8, out value)) { TracerPid = Pid(value); }
        else if (Is(line, "Umask:"u8, out value)) { Umask = (uint)InBase(value, 8); }
        else if (Is(line, "NoNewPrivs:"u8, out value)) { NoNewPrivs = Number(value); }
    }

    private void TakeSignals(ReadOnlySpan<byte> line)
    {
        if (Is(line, "SigPnd:"u8, out ReadOnlySpan<byte> value)) { SigPending = Hex(value); _signalLines++; }
        else if (Is(line, "ShdPnd:"u8, out value)) { SigSharedPending = Hex(value); _signalLines++; }
        else if (Is(line, "SigBlk:"u8, out value)) { SigBlocked = Hex(value); _signalLines++; }
        else if (Is(line, "SigIgn:"u8, out value)) { SigIgnored = Hex(value); _signalLines++; }
        else if (Is(line, "SigCgt:"u8, out value)) { SigCaught = Hex(value); _signalLines++; }
    }

    private void TakeSeccomp(ReadOnlySpan<byte> line)
    {
        if (Is(line, "Seccomp:"u8, out ReadOnlySpan<byte> value)) { Seccomp = Number(value); }
        else if (Is(line, "Seccomp_filters:"u8, out value)) { SeccompFilters = Number(value); }
    }

    private void TakeCapabilities(ReadOnlySpan<byte> line)
    {
        if (Is(line, "CapInh:"u8, out ReadOnlySpan<byte> value)) { CapInheritable = Hex(value); _credentialLines++; }
        else if (Is(line, "CapPrm:"u8, out value)) { CapPermitted = Hex(value); _credentialLines++; }
        else if (Is(line, "CapEff:"u8, out value)) { CapEffective = Hex(value); _credentialLines++; }
        else if (Is(line, "CapBnd:"u8, out value)) { CapBounding = Hex(value); _credentialLines++; }
        else if (Is(line, "CapAmb:"u8, out value)) { CapAmbient = Hex(value); }
    }

    private void TakeResident(ReadOnlySpan<byte> line)
    {
        if (Is(line, "RssAnon:"u8, out ReadOnlySpan<byte> value)) { RssAnonKb = Kilobytes(value); }
        else if (Is(line, "RssFile:"u8, out value)) { RssFileKb = Kilobytes(value); }
        else if (Is(line, "RssShmem:"u8, out value)) { RssShmemKb = Kilobytes(value); }
    }

    private void TakeSize(ReadOnlySpan<byte> line)
    {
        if (Is(line, "VmPeak:"u8, out ReadOnlySpan<byte> value)) { VmPeakKb = Kilobytes(value); }
        else if (Is(line, "VmSize:"u8, out value)) { VmSizeKb = Kilobytes(value); }
        else if (Is(line, "VmLck:"u8, out value)) { VmLckKb = Kilobytes(value); }
        else if (Is(line, "VmPin:"u8, out value)) { VmPinKb = Kilobytes(value); }
        else if (Is(line, "VmHWM:"u8, out value)) { VmHwmKb = Kilobytes(value); }
        else if (Is(line, "VmRSS:"u8, out value)) { VmRssKb = Kilobytes(value); }
        else if (Is(line, "VmData:"u8, out value)) { VmDataKb = Kilobytes(value); }
        else if (Is(line, "VmStk:"u8, out value)) { VmStkKb = Kilobytes(value); }
        else if (Is(line, "VmExe:"u8, out value)) { VmExeKb = Kilobytes(value); }
        else if (Is(line, "VmLib:"u8, out value)) { VmLibKb = Kilobytes(value); }
        else if (Is(line, "VmPTE:"u8, out value)) { VmPteKb = Kilobytes(value); }
        else if (Is(line, "VmSwap:"u8, out value)) { VmSwapKb = Kilobytes(value); }
    }

    // Inlined, so that each constant key is compared in a load or two.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Is(ReadOnlySpan<byte> line, ReadOnlySpan<byte> key, out ReadOnlySpan<byte> value)
    {
        bool same = line.StartsWith(key);
        value = same ? line[key.Length..] : default;
        return same;
    }

    private IdSet Ids(ReadOnlySpan<byte> value)
    {
        ByteCursor ids = new(value);
        IdSet set = new(ids.NextUInt32(), ids.NextUInt32(), ids.NextUInt32(), ids.NextUInt32());
        _failed |= !ids.IsValid;
        return set;
    }

    private ulong Hex(ReadOnlySpan<byte> value) => InBase(value, 16);

    private ulong InBase(ReadOnlySpan<byte> value, uint radix)
    {
        ByteCursor cursor = new(value);
        ulong number = cursor.NextInBase(radix);
        _failed |= !cursor.IsValid;
        return number;
    }

    private ulong Kilobytes(ReadOnlySpan<byte> value)
    {
        _memoryLines++;
        ByteCursor cursor = new(value);
        ulong number = cursor.NextUnsigned();
        _failed |= !cursor.IsValid;
        return number;
    }

    private uint Number(ReadOnlySpan<byte> value)
    {
        ByteCursor cursor = new(value);
        uint number = cursor.NextUInt32();
        _failed |= !cursor.IsValid;
        return number;
    }

    private int Pid(ReadOnlySpan<byte> value)
    {
        ByteCursor cursor = new(value);
        int number = cursor.NextInt32();
        _failed |= !cursor.IsValid;
        return number;
    }
}
