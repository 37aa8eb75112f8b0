using System;

namespace Checkpoint.TaskDiag;

/// <summary>Extension: what of a thread's credentials CRED lacks. Each field has a bit that says whether the source told it.</summary>
/// <param name="CapAmbient">Ambient capabilities; null = not known.</param>
/// <param name="NoNewPrivs">PR_SET_NO_NEW_PRIVS; null = not known.</param>
/// <param name="Seccomp">Seccomp mode: 0 off, 1 strict, 2 filter; null = not known.</param>
/// <param name="SeccompFilters">Number of seccomp filters; null = not known.</param>
public readonly record struct TaskDiagExtSecurity(ulong? CapAmbient, bool? NoNewPrivs, uint? Seccomp, uint? SeccompFilters)
{
    /// <summary>Encoded size in bytes.</summary>
    public const int Size = 24;

    private const uint KnowsAmbient = 1;
    private const uint KnowsNoNewPrivs = 2;
    private const uint KnowsSeccomp = 4;
    private const uint KnowsFilters = 8;

    /// <summary>Decodes the attribute.</summary>
    /// <param name="payload">At least <see cref="Size"/> bytes.</param>
    /// <returns>The value.</returns>
    /// <exception cref="WireFormatException">The payload is shorter.</exception>
    public static TaskDiagExtSecurity Read(ReadOnlySpan<byte> payload)
    {
        WireFormatException.ThrowIfShorter(payload, Size, "EXT_SECURITY");
        uint known = LittleEndian.U32(payload, 20);
        return new TaskDiagExtSecurity(
            (known & KnowsAmbient) != 0 ? LittleEndian.U64(payload, 0) : null,
            (known & KnowsNoNewPrivs) != 0 ? LittleEndian.U32(payload, 8) != 0 : null,
            (known & KnowsSeccomp) != 0 ? LittleEndian.U32(payload, 12) : null,
            (known & KnowsFilters) != 0 ? LittleEndian.U32(payload, 16) : null);
    }

    /// <summary>Encodes the attribute; what is not known is 0.</summary>
    /// <param name="destination">At least <see cref="Size"/> bytes.</param>
    public void Write(Span<byte> destination)
    {
        Span<byte> bytes = destination[..Size];
        uint known = (CapAmbient.HasValue ? KnowsAmbient : 0) | (NoNewPrivs.HasValue ? KnowsNoNewPrivs : 0)
            | (Seccomp.HasValue ? KnowsSeccomp : 0) | (SeccompFilters.HasValue ? KnowsFilters : 0);
        LittleEndian.Put(bytes, 0, CapAmbient.GetValueOrDefault());
        LittleEndian.Put(bytes, 8, NoNewPrivs.GetValueOrDefault() ? 1u : 0u);
        LittleEndian.Put(bytes, 12, Seccomp.GetValueOrDefault());
        LittleEndian.Put(bytes, 16, SeccompFilters.GetValueOrDefault());
        LittleEndian.Put(bytes, 20, known);
    }
}
