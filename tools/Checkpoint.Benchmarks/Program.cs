using System;
using System.Globalization;
using Checkpoint.Benchmarks;
using Checkpoint.Linux.Interop;
using Checkpoint.Linux.Transports;
using Checkpoint.TaskDiag;

const string Usage = """
    Checkpoint.Benchmarks read SHOW STRATEGY [PID [TIMES]]   sends a request and says what the answers cost
    Checkpoint.Benchmarks attributes STRATEGY [PID]          one request per attribute, for strace
    Checkpoint.Benchmarks compare SHOW FILES [PROCESSES [PAIRS]]
                                                             against a C program that reads FILES and parses nothing
    Checkpoint.Benchmarks decode TRANSPORT SHOW FILES [PROCESSES [PAIRS]]
                                                             a transport, from request to decoded records, against the C program
    Checkpoint.Benchmarks scale TRANSPORT PROCESSES          one task's cost on an empty machine and on a full one
    Checkpoint.Benchmarks load PROCESSES...                  captures by BPF, loading it each time, against captures by procfs
    Checkpoint.Benchmarks files FILES FILES [PROCESSES [PAIRS]]
                                                             the C program against itself
    Checkpoint.Benchmarks vmas PROCESSES [PAIRS]             what VMAs add to a capture, beyond the kernel's time to tell them
    Checkpoint.Benchmarks diff PROCESSES [TIMES]             comparing two images against reading them
    Checkpoint.Benchmarks diff-images OLD NEW PROCESSES      writes two such images
    Checkpoint.Benchmarks diff-files OLD NEW MATCH [TIMES]   the same for two images that are there; MATCH: identity, role, auto
    Checkpoint.Benchmarks image IMAGE CKPT [TIMES]           writing, reading and inspecting an image with the program CKPT
    Checkpoint.Benchmarks anonymise IMAGE COPY               an image without what tells the machine, for publishing
    SHOW: names of attributes, such as base,cred,stat,hidden; STRATEGY: all, one, allthread, children, thread;
    FILES: such as stat,status; PROCESSES: how many to make, and how many VMAs more each has: 8000x50
    """;

try
{
    switch (args)
    {
        case ["read", string show, string strategy, .. string[] rest] when rest.Length <= 2:
            RequestCost.Print(Show(show), Strategy(strategy), Number(rest, 0, 0), Number(rest, 1, 1));
            return 0;
        case ["attributes", string strategy, .. string[] rest] when rest.Length <= 1:
            RequestCost.PrintEach(Strategy(strategy), Number(rest, 0, 0));
            return 0;
        case ["compare", string show, string files, .. string[] rest] when rest.Length <= 2:
            using (TransportSide ours = new(Show(show)))
            using (ReadingSide reading = new(files.Split(',')))
            {
                PairedRun.Print(ours, reading, rest.Length > 0 ? rest[0] : "0", Number(rest, 1, 25));
            }

            return 0;
        case ["decode", string kind, string show, string files, .. string[] rest] when rest.Length <= 2:
            using (DecodingSide ours = new(Kind(kind), Show(show)))
            using (ReadingSide reading = new(files.Split(',')))
            {
                PairedRun.Print(ours, reading, rest.Length > 0 ? rest[0] : "0", Number(rest, 1, 15), repeat: true);
                Console.WriteLine($"{ours.VmaCount} VMAs");
            }

            return 0;
        case ["scale", string kind, string size]:
            ScaleRun.Print(Kind(kind), size);
            return 0;
        case ["load", .. { Length: > 0 } sizes]:
            LoadRun.Print(sizes, 7);
            return 0;
        case ["files", string first, string second, .. string[] rest] when rest.Length <= 2:
            using (ReadingSide one = new(first.Split(',')))
            using (ReadingSide other = new(second.Split(',')))
            {
                PairedRun.Print(one, other, rest.Length > 0 ? rest[0] : "0", Number(rest, 1, 25));
            }

            return 0;
        case ["vmas", string size, .. string[] rest] when rest.Length <= 1:
            VmaShare.Print(size, Number(rest, 0, 9));
            return 0;
        case ["diff", string size, .. string[] rest] when rest.Length <= 1:
            DiffCost.Print(size, Number(rest, 0, 9));
            return 0;
        case ["diff-images", string first, string second, string size]:
            DiffCost.WriteImages(first, second, size);
            return 0;
        case ["diff-files", string old, string other, string match, .. string[] rest] when rest.Length <= 1:
            DiffCost.PrintFiles(old, other, match, Number(rest, 0, 9));
            return 0;
        case ["image", string path, string ckpt, .. string[] rest] when rest.Length <= 1:
            ImageCost.Print(path, ckpt, Number(rest, 0, 9));
            return 0;
        case ["anonymise", string from, string to]:
            Anonymiser.Copy(from, to);
            return 0;
        default:
            Console.Error.WriteLine(Usage);
            return 2;
    }
}
catch (Exception e) when (e is KernelException or ArgumentException or FormatException or InvalidOperationException)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}

static TaskDiagShow Show(string names) => Enum.Parse<TaskDiagShow>(names, ignoreCase: true);

static TransportKind Kind(string name) => Enum.Parse<TransportKind>(name, ignoreCase: true);

static TaskDiagStrategy Strategy(string name) => Enum.Parse<TaskDiagStrategy>(name, ignoreCase: true);

static int Number(string[] rest, int index, int otherwise) =>
    index < rest.Length ? int.Parse(rest[index], CultureInfo.InvariantCulture) : otherwise;
