namespace Checkpoint.Model;

/// <summary>
/// Where an address space keeps its parts (<c>/proc/[pid]/stat</c> fields 26 to 28 and 45 to 51): addresses,
/// ends exclusive. They are random per exec, so they also tell one program image from the next.
/// </summary>
/// <param name="StartCode">Start of program text.</param>
/// <param name="EndCode">End of program text.</param>
/// <param name="StartStack">Bottom of the main stack.</param>
/// <param name="StartData">Start of initialised data.</param>
/// <param name="EndData">End of initialised data.</param>
/// <param name="StartBrk">Start of the heap.</param>
/// <param name="ArgStart">Start of the command line.</param>
/// <param name="ArgEnd">End of the command line.</param>
/// <param name="EnvStart">Start of the environment.</param>
/// <param name="EnvEnd">End of the environment.</param>
public readonly record struct MemoryLayout(
    ulong StartCode, ulong EndCode, ulong StartStack, ulong StartData, ulong EndData, ulong StartBrk,
    ulong ArgStart, ulong ArgEnd, ulong EnvStart, ulong EnvEnd);
