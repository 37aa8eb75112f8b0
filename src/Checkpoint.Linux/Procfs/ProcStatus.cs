using System;
using System.Runtime.CompilerServices;
using Checkpoint.Model;

namespace Checkpoint.Linux.Procfs;

/// <summary><c>/proc/[pid]/status</c> (proc_pid_status(5)): "Key:\tvalue" lines. Keys that a kernel lacks leave their fields unset.</summary>
internal ref struct ProcStatus
{
    private const int ShortestKey = 4;
    private bool _hasCapabilities;

    internal uint? Umask;
    internal int TracerPid;
    internal IdSet Uid;
    internal IdSet Gid;

    /// <summary>The text of Groups: decimal numbers and blanks.</summary>
    internal ReadOnlySpan<byte> Groups;

    /// <summary>The text of NSpid: decimal numbers and blanks, outermost namespace first.</summary>
    internal ReadOnlySpan<byte> NsPids;

    /// <summary>Whether the Vm lines were there: kernel threads and zombies have none.</summary>
    internal bool HasMemory;
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
    /// <returns>Whether the credentials were there.</returns>
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

        return status._hasCapabilities;
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
        if (Is(line, "Uid:"u8, out ReadOnlySpan<byte> value)) { Uid = Ids(value); }
        else if (Is(line, "Gid:"u8, out value)) { Gid = Ids(value); }
        else if (Is(line, "Groups:"u8, out value)) { Groups = value; }
        else if (Is(line, "NSpid:"u8, out value)) { NsPids = value; }
        else if (Is(line, "TracerPid:"u8, out value)) { TracerPid = (int)Number(value); }
        else if (Is(line, "Umask:"u8, out value)) { Umask = (uint)new ByteCursor(value).NextInBase(8); }
        else if (Is(line, "NoNewPrivs:"u8, out value)) { NoNewPrivs = Number(value); }
    }

    private void TakeSignals(ReadOnlySpan<byte> line)
    {
        if (Is(line, "SigPnd:"u8, out ReadOnlySpan<byte> value)) { SigPending = Hex(value); }
        else if (Is(line, "ShdPnd:"u8, out value)) { SigSharedPending = Hex(value); }
        else if (Is(line, "SigBlk:"u8, out value)) { SigBlocked = Hex(value); }
        else if (Is(line, "SigIgn:"u8, out value)) { SigIgnored = Hex(value); }
        else if (Is(line, "SigCgt:"u8, out value)) { SigCaught = Hex(value); }
    }

    private void TakeSeccomp(ReadOnlySpan<byte> line)
    {
        if (Is(line, "Seccomp:"u8, out ReadOnlySpan<byte> value)) { Seccomp = Number(value); }
        else if (Is(line, "Seccomp_filters:"u8, out value)) { SeccompFilters = Number(value); }
    }

    private void TakeCapabilities(ReadOnlySpan<byte> line)
    {
        if (Is(line, "CapInh:"u8, out ReadOnlySpan<byte> value)) { CapInheritable = Hex(value); }
        else if (Is(line, "CapPrm:"u8, out value)) { CapPermitted = Hex(value); }
        else if (Is(line, "CapEff:"u8, out value)) { CapEffective = Hex(value); _hasCapabilities = true; }
        else if (Is(line, "CapBnd:"u8, out value)) { CapBounding = Hex(value); }
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
        else if (Is(line, "VmSize:"u8, out value)) { VmSizeKb = Kilobytes(value); HasMemory = true; }
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

    private static IdSet Ids(ReadOnlySpan<byte> value)
    {
        ByteCursor ids = new(value);
        return new IdSet((uint)ids.NextUnsigned(), (uint)ids.NextUnsigned(), (uint)ids.NextUnsigned(), (uint)ids.NextUnsigned());
    }

    private static ulong Hex(ReadOnlySpan<byte> value) => new ByteCursor(value).NextInBase(16);

    private static ulong Kilobytes(ReadOnlySpan<byte> value) => new ByteCursor(value).NextUnsigned();

    private static uint Number(ReadOnlySpan<byte> value) => (uint)new ByteCursor(value).NextUnsigned();
}
