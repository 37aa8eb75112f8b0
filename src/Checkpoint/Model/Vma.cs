namespace Checkpoint.Model;

/// <summary>One virtual memory area.</summary>
/// <param name="Start">First address.</param>
/// <param name="End">Address after the last.</param>
/// <param name="Flags">Protection, sharing and other properties.</param>
/// <param name="Offset">Offset into the file in bytes; 0 for anonymous memory.</param>
/// <param name="File">Index into <see cref="ProcessTree.Files"/> of what is mapped or named there; -1 = unnamed anonymous memory.</param>
/// <param name="PageSize">Size of the pages behind it in bytes; 0 when the source did not tell (text <c>maps</c>).</param>
public readonly record struct Vma(ulong Start, ulong End, VmaFlags Flags, ulong Offset, int File, uint PageSize = 0);
