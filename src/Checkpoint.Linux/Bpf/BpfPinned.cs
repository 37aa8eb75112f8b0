namespace Checkpoint.Linux.Bpf;

/// <summary>The programs that one build has pinned.</summary>
/// <param name="Version">Of the build; null when an installation was cut short.</param>
/// <param name="Digest">Of its programs, 16 hexadecimal digits; null as above.</param>
/// <param name="State">What can be done with them.</param>
/// <param name="ProgramId">The kernel's number of the program, as <c>bpftool</c> shows it; 0 when there is none.</param>
/// <param name="MapId">The kernel's number of the map with the slots; 0 when there is none.</param>
/// <param name="Slots">How many cores can have the program run at once; 0 when unknown.</param>
public sealed record BpfPinned(string? Version, string? Digest, BpfPinState State, uint ProgramId, uint MapId, int Slots);
