using System;
using System.Text;
using Checkpoint.Model;
using Checkpoint.TaskDiag;
using Xunit;

namespace Checkpoint.Tests.TaskDiag;

/// <summary>Frames between this project and a C program that knows the wire from linux/netlink.h and src/bpf/task_diag.h alone.</summary>
public sealed class FrameInteropTests
{
    /// <summary>Reads a request and then a stream, with the kernel's own macros, and prints what it sees.</summary>
    private const string Reader = """
        #include <linux/netlink.h>
        #include <stdio.h>
        #include <string.h>
        #include "task_diag.h"
        static char buf[1 << 20];
        int main(void)
        {
            struct task_diag_request r;
            if (fread(&r, sizeof(r), 1, stdin) != 1)
                return 1;
            printf("req %u %llx %llu %u %u\n", r.nlmsg_len, (unsigned long long)r.req.show_flags, (unsigned long long)r.req.dump_strategy, r.req.pid, r.nlmsg_seq);
            int len = (int)fread(buf, 1, sizeof(buf), stdin);
            struct nlmsghdr *h = (void *)buf;
            for (; NLMSG_OK(h, (unsigned)len); h = NLMSG_NEXT(h, len)) {
                struct task_diag_msg *m = NLMSG_DATA(h);
                int left = (int)NLMSG_PAYLOAD(h, sizeof(*m));
                char *p = (char *)m + NLMSG_ALIGN(sizeof(*m));
                printf("msg %x %x %u %u %u %u %x\n", h->nlmsg_type, h->nlmsg_flags, h->nlmsg_seq, h->nlmsg_pid, m->pid, m->tgid, m->flags);
                while (left >= (int)sizeof(struct nlattr)) {
                    struct nlattr *a = (void *)p;
                    char *d = p + NLA_HDRLEN;
                    int n = a->nla_len - NLA_HDRLEN;
                    if (a->nla_type == TASK_DIAG_VMA) {
                        for (int at = 0; at < n;) {
                            struct task_diag_vma v;
                            struct task_diag_vma_stat s;
                            struct task_diag_ext_vma_stat e;
                            memcpy(&v, d + at, sizeof(v));
                            printf(" vma %llx '%s' %u", (unsigned long long)v.start, v.name_len ? d + at + v.name_off : "", v.name_len);
                            if (v.stat_len) {
                                memcpy(&s, d + at + v.stat_off, sizeof(s));
                                printf(" pss %llu", (unsigned long long)s.pss);
                            }
                            if (v.stat_len >= sizeof(e)) {
                                memcpy(&e, d + at + v.stat_off, sizeof(e));
                                printf(" %llu swap_pss %llu", (unsigned long long)e.stat.pss, (unsigned long long)e.swap_pss);
                            }
                            if (v.vm_flags & TASK_DIAG_VMA_F_EXT_ALL_KNOWN)
                                printf(" all%s", v.vm_flags & TASK_DIAG_VMA_F_EXT_SEALED ? " sealed" : "");
                            printf("\n");
                            at += v.vma_len;
                        }
                    } else if (a->nla_type == TASK_DIAG_EXT_SECURITY) {
                        struct task_diag_ext_security s;
                        memcpy(&s, d, sizeof(s));
                        printf(" security %llx %u %u %u %u\n", (unsigned long long)s.cap_ambient, s.no_new_privs, s.seccomp, s.seccomp_filters, s.known);
                    } else if (a->nla_type == TASK_DIAG_EXT_EXE) {
                        struct task_diag_ext_exe e;
                        memcpy(&e, d, sizeof(e));
                        printf(" exe %u %.*s\n", e.flags, n - (int)sizeof(e), d + sizeof(e));
                    } else if (a->nla_type == TASK_DIAG_EXT_GAPS) {
                        struct task_diag_ext_gap g;
                        memcpy(&g, d, sizeof(g));
                        printf(" gap %u %d\n", g.part, g.err);
                    } else if (a->nla_type == TASK_DIAG_EXT_BUILD_IDS) {
                        for (int at = 0; at < n; at += (int)sizeof(struct task_diag_ext_build_id)) {
                            struct task_diag_ext_build_id b;
                            memcpy(&b, d + at, sizeof(b));
                            printf(" build %llx %u %u %u ", (unsigned long long)b.start, b.file, b.err, b.flags);
                            for (unsigned i = 0; i < b.length; i++)
                                printf("%02x", b.id[i]);
                            printf("\n");
                        }
                    } else if (a->nla_type == TASK_DIAG_EXT_FILES) {
                        struct task_diag_ext_file f;
                        for (int at = 0; at < n; at += f.length) {
                            memcpy(&f, d + at, sizeof(f));
                            printf(" file %u %u:%u %llu %.*s\n", f.number, f.major, f.minor, (unsigned long long)f.inode, f.name_len, d + at + sizeof(f));
                        }
                    } else if (a->nla_type == TASK_DIAG_CRED) {
                        struct task_diag_creds c;
                        memcpy(&c, d, sizeof(c));
                        printf(" caps %x %x\n", c.cap_effective.cap[0], c.cap_effective.cap[1]);
                    } else {
                        printf(" attr %u %.*s\n", a->nla_type, n, d);
                    }
                    p += NLA_ALIGN(a->nla_len);
                    left -= NLA_ALIGN(a->nla_len);
                }
                printf(" left %d\n", left);
            }
            printf("left %d\n", len);
            return 0;
        }
        """;

    /// <summary>Writes two messages of one task as the original code leaves them: garbage in the flags and in all padding.</summary>
    private const string Writer = """
        #include <stdio.h>
        #include <string.h>
        #include "task_diag.h"
        static _Alignas(8) char buf[4096];
        int main(void)
        {
            memset(buf, 0xa5, sizeof(buf));
            struct task_diag_frame *f = (void *)buf;
            *f = (struct task_diag_frame){ 28 + 8 + 4 + 44, TASK_DIAG_CMD_GET, TASK_DIAG_NLM_F_MULTI, 77, 0, { 12, 10, 0xfffffff0u | TASK_DIAG_FLAG_CONT } };
            struct task_diag_attr *a = (void *)(f + 1);
            *a = (struct task_diag_attr){ 4 + 3, TASK_DIAG_CMDLINE };
            memcpy(a + 1, "ls", 3);
            a = (void *)((char *)a + 8);
            *a = (struct task_diag_attr){ 4 + sizeof(struct task_diag_base), TASK_DIAG_BASE };
            struct task_diag_base *b = (void *)(a + 1);
            b->tgid = 10; b->pid = 12; b->ppid = 1; b->tpid = 0; b->sid = 3; b->pgid = 4; b->state = TASK_DIAG_TRACE_STOP;
            strncpy(b->comm, "ls", sizeof(b->comm));

            f = (void *)(b + 1);
            f->nlmsg_len = 28 + 4 + 64 + 80 + 8; f->nlmsg_type = TASK_DIAG_CMD_GET; f->nlmsg_flags = 2; f->nlmsg_seq = 77; f->nlmsg_pid = 0;
            f->msg.pid = 12; f->msg.tgid = 10; f->msg.flags = 0xfffffff0u;
            a = (void *)(f + 1);
            *a = (struct task_diag_attr){ 4 + 64 + 80 + 8, TASK_DIAG_VMA };
            struct task_diag_vma v = { .start = 0x1000, .end = 0x3000, .vm_flags = TASK_DIAG_VMA_F_READ | TASK_DIAG_VMA_F_LOCKED, .pgoff = 0x2000,
                .major = 8, .minor = 1, .inode = 99, .generation = 5, .vma_len = 64 + 80 + 8, .stat_off = 64, .stat_len = 80, .name_off = 144, .name_len = 5, .pad = 0xa5a5 };
            struct task_diag_vma_stat s = { .resident = 4096, .pss = 2048 << 12 };
            char *d = (char *)(a + 1);
            memcpy(d, &v, sizeof(v));
            memcpy(d + 64, &s, sizeof(s));
            memcpy(d + 144, "/etc", 5);

            f = (void *)(d + 152);
            f->nlmsg_len = 28 + 4 + 64 + 128 + 4 + 2 * 40 + 4 + 28 + 24; f->nlmsg_type = TASK_DIAG_CMD_GET; f->nlmsg_flags = 2; f->nlmsg_seq = 77; f->nlmsg_pid = 0;
            f->msg.pid = 12; f->msg.tgid = 10; f->msg.flags = 0xfffffff0u;
            a = (void *)(f + 1);
            *a = (struct task_diag_attr){ 4 + 64 + 128, TASK_DIAG_VMA };
            v = (struct task_diag_vma){ .start = 0x5000, .end = 0x6000, .vm_flags = TASK_DIAG_VMA_F_EXT_GUARD | TASK_DIAG_VMA_F_EXT_ALL_KNOWN,
                .vma_len = 64 + 128, .stat_off = 64, .stat_len = 128, .pad = 0xa5a5 };
            struct task_diag_ext_vma_stat e = { { .resident = 1, .pss = 10 }, 11, 12, 13, 14, 15, 16 };
            d = (char *)(a + 1);
            memcpy(d, &v, sizeof(v));
            memcpy(d + 64, &e, sizeof(e));
            a = (void *)(d + 192);
            *a = (struct task_diag_attr){ 4 + 2 * 40, TASK_DIAG_EXT_BUILD_IDS };
            struct task_diag_ext_build_id id[2];
            memset(id, 0xa5, sizeof(id));
            id[0].start = 0x401000; id[0].file = 0; id[0].err = 0; id[0].flags = 0; id[0].length = 20;
            memcpy(id[0].id, "SHA-1 has 20 bytes..", 20);
            id[1].start = 0; id[1].file = 40; id[1].err = 0; id[1].flags = 1; id[1].length = 2;
            memcpy(id[1].id, "ab", 2);
            memcpy(a + 1, id, sizeof(id));
            a = (void *)((char *)(a + 1) + sizeof(id));
            *a = (struct task_diag_attr){ 4 + 28 + 24, TASK_DIAG_EXT_FILES };
            struct task_diag_ext_file g = { 7, 8, 1, 28, 3, 99 };
            d = (char *)(a + 1);
            memcpy(d, &g, sizeof(g));
            memcpy(d + sizeof(g), "/etc", 4);
            g = (struct task_diag_ext_file){ .number = 8, .length = 24 };
            memcpy(d + 28, &g, sizeof(g));
            fwrite(buf, 1, (size_t)(d + 28 + 24 - buf), stdout);
            return 0;
        }
        """;

    [GccFact]
    public void C_reads_what_is_written_here()
    {
        byte[] bytes = new byte[4096];
        new TaskDiagRequest(TaskDiagShow.Base | TaskDiagShow.Hidden, TaskDiagStrategy.Children, 4321, 55).Write(bytes);
        TaskDiagWriter writer = new(bytes.AsSpan(TaskDiagRequest.Size));
        Assert.True(writer.TryBeginMessage(12, 10, 55));
        Assert.True(writer.TryAdd(TaskDiagAttribute.Cmdline, "abcde"u8));
        Assert.True(writer.TryReserve(TaskDiagAttribute.Cred, TaskDiagCred.Size, out Span<byte> room));
        new TaskDiagCred(0, 0, 0x0000_0002_0000_0001, 0, default, default).Write(room);
        Assert.True(writer.TryBeginAttribute(TaskDiagAttribute.Vma, out room));
        TaskDiagVmaWriter vmas = new(room);
        Assert.True(vmas.TryAppend(new TaskDiagVma(0x1000, 0x2000, default, 0, 0, 0, 0, 0), "[heap]"u8, new TaskDiagVmaStat { PssShifted = 9, SwapPss = 10 }));
        Assert.True(vmas.TryAppend(new TaskDiagVma(0x5000, 0x6000, default, 0, 0, 0, 0, 0), []));
        Assert.True(vmas.TryAppend(new TaskDiagVma(0x7000, 0x8000, VmaFlags.Sealed | VmaFlags.AllKnown, 0, 0, 0, 0, 0), "/lib/x"u8));
        writer.EndAttribute(vmas.Length);
        writer.EndMessage(continued: true);
        Assert.True(writer.TryBeginMessage(12, 10, 55));
        Assert.True(writer.TryReserve(TaskDiagAttribute.ExtSecurity, TaskDiagExtSecurity.Size, out room));
        new TaskDiagExtSecurity(0xff, null, 2, 3).Write(room);
        TaskDiagExtExe exe = new("/bin/x"u8, deleted: true);
        Assert.True(writer.TryReserve(TaskDiagAttribute.ExtExe, exe.Size, out room));
        exe.Write(room);
        Assert.True(writer.TryReserve(TaskDiagAttribute.ExtGaps, TaskDiagExtGap.Size, out room));
        new TaskDiagExtGap(CapturePart.Maps, 13).Write(room);
        Assert.True(writer.TryReserve(TaskDiagAttribute.ExtBuildIds, 2 * TaskDiagExtBuildId.Size, out room));
        new TaskDiagExtBuildId(0x401000, 0, 0, false, "SHA-1 has 20 bytes.."u8).Write(room);
        new TaskDiagExtBuildId(0, 40, 0, true, [0xfe, 0x01]).Write(room[TaskDiagExtBuildId.Size..]);
        TaskDiagExtFile named = new(1, 8, 2, 99, "/etc/fstab"u8);
        Assert.True(writer.TryReserve(TaskDiagAttribute.ExtFiles, named.Size + TaskDiagExtFile.HeadSize, out room));
        named.Write(room);
        new TaskDiagExtFile(2, 0, 0, 0, []).Write(room[named.Size..]);
        writer.EndMessage(continued: false);

        using CProgram program = new(Reader);
        string seen = Encoding.ASCII.GetString(program.Output(bytes[..(TaskDiagRequest.Size + writer.Length)]));

        Assert.Equal(
            """
            req 40 8000000000000001 3 4321 55
            msg d101 2 55 0 12 10 1
             attr 6 abcde
             caps 1 2
             vma 1000 '[heap]' 7 pss 9 9 swap_pss 10
             vma 5000 '' 0
             vma 7000 '/lib/x' 7 all sealed
             left 0
            msg d101 2 55 0 12 10 0
             security ff 0 2 3 13
             exe 1 /bin/x
             gap 10 13
             build 401000 0 0 0 5348412d31206861732032302062797465732e2e
             build 0 40 0 1 fe01
             file 1 8:2 99 /etc/fstab
             file 2 0:0 0 
             left 0
            left 0

            """,
            seen);
    }

    [GccFact]
    public void What_C_writes_is_read_here()
    {
        using CProgram program = new(Writer);
        TaskDiagReader reader = new(program.Output([]));

        Assert.True(reader.NextMessage());
        Assert.Equal((12u, 10u, 77u, true), (reader.Pid, reader.Tgid, reader.Sequence, reader.Continued));
        Assert.True(reader.NextAttribute());
        Assert.Equal(TaskDiagAttribute.Cmdline, reader.Type);
        Assert.Equal("ls\0"u8, reader.Payload);
        Assert.True(reader.NextAttribute());
        Assert.Equal(new TaskDiagBase(10, 12, 1, 0, 3, 4, TaskState.TracingStop, new TaskComm("ls"u8)), TaskDiagBase.Read(reader.Payload));
        Assert.False(reader.NextAttribute());

        Assert.True(reader.NextMessage());
        Assert.False(reader.Continued);
        Assert.True(reader.NextAttribute());
        TaskDiagVmaReader vmas = new(reader.Payload);
        Assert.True(vmas.Next());
        Assert.Equal(
            new TaskDiagVma(0x1000, 0x3000, VmaFlags.Read | VmaFlags.Locked, 0x2000, 8, 1, 99, 5), vmas.Current);
        Assert.Equal("/etc"u8, vmas.Name);
        Assert.True(vmas.HasStat);
        Assert.Equal(new TaskDiagVmaStat { Resident = 4096, PssShifted = 2048 << TaskDiagVmaStat.PssShift }, vmas.Stat);
        Assert.False(vmas.Next());

        Assert.True(reader.NextMessage());
        Assert.True(reader.NextAttribute());
        vmas = new(reader.Payload);
        Assert.True(vmas.Next());
        Assert.Equal(new TaskDiagVma(0x5000, 0x6000, VmaFlags.Guard | VmaFlags.AllKnown, 0, 0, 0, 0, 0), vmas.Current);
        Assert.True(vmas.Name.IsEmpty);
        Assert.Equal(new TaskDiagVmaStat(1, 0, 0, 0, 0, 0, 0, 0, 0, 10, 11, 12, 13, 14, 15, 16), vmas.Stat);
        Assert.False(vmas.Next());
        Assert.True(reader.NextAttribute());
        Assert.Equal(TaskDiagAttribute.ExtBuildIds, reader.Type);
        TaskDiagExtBuildId file = TaskDiagExtBuildId.Read(reader.Payload);
        Assert.Equal((0x401000ul, 0u, false), (file.Start, file.File, file.IsCalledDeleted));
        Assert.Equal("SHA-1 has 20 bytes.."u8, file.Id);
        file = TaskDiagExtBuildId.Read(reader.Payload[TaskDiagExtBuildId.Size..]);
        Assert.Equal((0ul, 40u, true), (file.Start, file.File, file.IsCalledDeleted));
        Assert.Equal("ab"u8, file.Id);
        Assert.True(reader.NextAttribute());
        Assert.Equal(TaskDiagAttribute.ExtFiles, reader.Type);
        TaskDiagExtFile named = TaskDiagExtFile.Read(reader.Payload, out int size);
        Assert.Equal((7u, 8u, 1u, 99ul, 28), (named.Number, named.Major, named.Minor, named.Inode, size));
        Assert.Equal("/et"u8, named.Name);
        named = TaskDiagExtFile.Read(reader.Payload[size..], out size);
        Assert.Equal((8u, 0u, 0u, 0ul, 24), (named.Number, named.Major, named.Minor, named.Inode, size));
        Assert.True(named.Name.IsEmpty);
        Assert.False(reader.NextAttribute());
        Assert.False(reader.NextMessage());
    }
}
