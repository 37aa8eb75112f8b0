using System;
using Checkpoint.TaskDiag;
using Xunit;

namespace Checkpoint.Tests.TaskDiag;

/// <summary>Reading and writing the wire allocates nothing, neither per message nor per VMA.</summary>
public sealed class WireAllocationTests
{
    [Fact]
    public void Decoding_messages_and_VMAs_allocates_nothing()
    {
        byte[] stream = WireSamples.Stream(1);
        ulong sum = Decode(stream, 2);
        long before = GC.GetAllocatedBytesForCurrentThread();
        sum += Decode(stream, 1000);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.NotEqual(0u, sum);
    }

    [Fact]
    public void Encoding_messages_and_VMAs_allocates_nothing()
    {
        byte[] buffer = new byte[16384];
        int length = Encode(buffer, 2);
        long before = GC.GetAllocatedBytesForCurrentThread();
        length += Encode(buffer, 1000);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.NotEqual(0, length);
    }

    private static ulong Decode(byte[] stream, int rounds)
    {
        ulong sum = 0;
        for (int i = 0; i < rounds; i++)
        {
            sum += WireSamples.Decode(stream).Sum;
        }

        return sum;
    }

    private static int Encode(byte[] buffer, int rounds)
    {
        int length = 0;
        for (int i = 0; i < rounds; i++)
        {
            TaskDiagWriter writer = new(buffer);
            while (writer.TryBeginMessage(1, 1, 1))
            {
                if (writer.TryReserve(TaskDiagAttribute.Base, TaskDiagBase.Size, out Span<byte> room))
                {
                    new TaskDiagBase(1, 1, 0, 0, 1, 1, Model.TaskState.Sleeping, new TaskComm("systemd"u8)).Write(room);
                }

                if (writer.TryBeginAttribute(TaskDiagAttribute.Vma, out room))
                {
                    TaskDiagVmaWriter vmas = new(room);
                    for (uint n = 0; n < 20 && vmas.TryAppend(new TaskDiagVma(n, n + 1, default, 0, 8, 1, 9, 0), "/lib/x"u8, new TaskDiagVmaStat { SwapPss = n }); n++)
                    {
                    }

                    writer.EndAttribute(vmas.Length);
                }

                if (writer.TryReserve(TaskDiagAttribute.ExtBuildIds, TaskDiagExtBuildId.Size, out room))
                {
                    new TaskDiagExtBuildId(8, 1, 0, false, "twenty bytes, SHA-1."u8).Write(room);
                }

                if (writer.TryReserve(TaskDiagAttribute.ExtPageSizes, TaskDiagExtPageSize.Size, out room))
                {
                    new TaskDiagExtPageSize(0x1000, 2 << 20).Write(room);
                }

                if (writer.TryReserve(TaskDiagAttribute.ExtTotalVm, TaskDiagExtTotalVm.Size, out room))
                {
                    new TaskDiagExtTotalVm(20).Write(room);
                }

                writer.AddPart(TaskDiagAttribute.Cmdline, "ls\0-l\0"u8);
                writer.EndMessage(continued: false);
            }

            length += writer.Length;
        }

        return length;
    }
}
