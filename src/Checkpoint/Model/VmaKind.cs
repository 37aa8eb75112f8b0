namespace Checkpoint.Model;

/// <summary>What a VMA is for, as far as the kernel's view tells (<see cref="VmaKinds"/> has the rules).</summary>
public enum VmaKind
{
    /// <summary>Private anonymous memory: malloc's, thread stacks, bss.</summary>
    Anon,

    /// <summary>Private anonymous memory without any access: guard pages and reserved addresses.</summary>
    Guard,

    /// <summary>The heap that brk moves.</summary>
    Heap,

    /// <summary>The main thread's stack.</summary>
    Stack,

    /// <summary>A file mapped executable.</summary>
    Code,

    /// <summary>A file mapped private and writable: initialised data.</summary>
    Data,

    /// <summary>A file mapped private, neither writable nor executable: constants, unwind tables, fonts, archives.</summary>
    File,

    /// <summary>A file or device mapped shared.</summary>
    Shared,

    /// <summary>Shared memory: anonymous, System V, POSIX, memfd.</summary>
    Shm,

    /// <summary>The kernel's code for the process.</summary>
    Vdso,

    /// <summary>The kernel's data for the vdso.</summary>
    Vvar,

    /// <summary>The legacy page of system calls.</summary>
    Vsyscall,

    /// <summary>Another mapping that the kernel made: code for uprobes, signal returns, vectors.</summary>
    Special,
}
