using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;

namespace Checkpoint.Linux.Bpf;

/// <summary>
/// Puts small BPF programs together (<c>linux/bpf.h</c>, struct bpf_insn: opcode, registers, 16-bit offset, 32-bit
/// immediate), where a compiled object would be more than is needed.
/// </summary>
internal sealed class BpfCode
{
    private const byte AddImmediate = 0x07;
    private const byte JumpIfZeroCode = 0x15;
    private const byte JumpIfNotZeroCode = 0x55;
    private const byte CallCode = 0x85;
    private const byte ExitCode = 0x95;
    private const byte MoveImmediate = 0xb7;
    private const byte MoveRegister = 0xbf;
    private const int KernelFunction = 2;
    private const int FramePointer = 10;

    private readonly List<ulong> _code = [];

    /// <summary>The instructions so far.</summary>
    internal ReadOnlySpan<ulong> Instructions => CollectionsMarshal.AsSpan(_code);

    /// <summary>The index of the next instruction, to jump to.</summary>
    internal int Here => _code.Count;

    /// <summary>register = value.</summary>
    internal BpfCode Set(int register, int value) => Add(MoveImmediate, register, 0, 0, value);

    /// <summary>register = other.</summary>
    internal BpfCode Copy(int register, int other) => Add(MoveRegister, register, other, 0, 0);

    /// <summary>register = address in this program's stack frame.</summary>
    /// <param name="register">Which.</param>
    /// <param name="offset">Bytes from the frame's end, negative.</param>
    internal BpfCode StackAddress(int register, int offset) =>
        Copy(register, FramePointer).Add(AddImmediate, register, 0, 0, offset);

    /// <summary>Calls a kernel function with the registers 1 to 5; the result is in register 0.</summary>
    /// <param name="btfId">Its type id, <see cref="KernelBtf.FunctionId"/>.</param>
    internal BpfCode Call(int btfId) => Add(CallCode, 0, KernelFunction, 0, btfId);

    /// <summary>Goes to an instruction already there, if register 0 is not 0.</summary>
    /// <param name="target">Its index.</param>
    internal BpfCode LoopWhileResult(int target) => Add(JumpIfNotZeroCode, 0, 0, checked((short)(target - Here - 1)), 0);

    /// <summary>Passes over what is added from now to <see cref="EndSkip"/>, if register 0 is 0.</summary>
    /// <param name="jump">For <see cref="EndSkip"/>.</param>
    internal BpfCode SkipIfNoResult(out int jump)
    {
        jump = Here;
        return Add(JumpIfZeroCode, 0, 0, 0, 0);
    }

    /// <summary>Ends what a jump passes over.</summary>
    /// <param name="jump">From <see cref="SkipIfNoResult"/>.</param>
    internal BpfCode EndSkip(int jump)
    {
        _code[jump] |= (ulong)checked((ushort)(Here - jump - 1)) << 16;
        return this;
    }

    /// <summary>Returns a value.</summary>
    internal BpfCode Return(int value) => Set(0, value).Add(ExitCode, 0, 0, 0, 0);

    private BpfCode Add(byte opcode, int destination, int source, short offset, int immediate)
    {
        _code.Add(opcode | (ulong)(uint)(destination | (source << 4)) << 8 | (ulong)(ushort)offset << 16 | (ulong)(uint)immediate << 32);
        return this;
    }
}
