using System.Collections.Generic;

namespace Checkpoint.Linux.Tests.Abi;

/// <summary>How the kernel lays out a struct.</summary>
/// <param name="Name">The kernel's name.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Members">The named members in order, those of anonymous members among them.</param>
public sealed record KernelLayout(string Name, int Size, IReadOnlyList<KernelMember> Members);
