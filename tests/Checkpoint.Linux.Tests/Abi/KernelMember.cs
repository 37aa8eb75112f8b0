namespace Checkpoint.Linux.Tests.Abi;

/// <summary>A named member of a kernel struct.</summary>
/// <param name="Name">The kernel's name.</param>
/// <param name="Offset">Bytes from the start of the struct.</param>
/// <param name="Size">Bytes.</param>
public readonly record struct KernelMember(string Name, int Offset, int Size);
