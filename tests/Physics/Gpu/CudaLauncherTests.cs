using System.Buffers.Binary;
using System.Numerics;
using NUnit.Framework;
using Sim.Physics.Gpu;

namespace Sim.Tests.Physics.Gpu;

/// <summary>What the launcher asks of the driver, seen by a driver that writes it down.</summary>
[NonParallelizable]
public sealed class CudaLauncherTests
{
    private const string Text =
        ".visible .entry Kernel_Three(\n\t.param .b64 _address_0,\n\t.param .b32 _count_1,\n\t.param .align 4 .b8 _line_2[12],\n\t.param .b64 _end_3\n)\n{\n\tret;\n}\n";

    private static readonly PtxKernel Kernel = new(Text, "Kernel_Three", [new(8, 8), new(4, 4), new(12, 4), new(8, 8)]);

    [Test]
    public void Arguments_are_packed_at_their_alignment()
    {
        var arguments = new KernelArguments(Kernel);
        arguments.Set(0, 0x1122334455667788L);
        arguments.Set(1, 0x0A0B0C0D);
        arguments.Set(2, new Vector3(1, 2, 3));
        arguments.Set(3, -2L);

        byte[] expected = new byte[32];
        BinaryPrimitives.WriteInt64LittleEndian(expected, 0x1122334455667788L);
        BinaryPrimitives.WriteInt32LittleEndian(expected.AsSpan(8), 0x0A0B0C0D);
        BinaryPrimitives.WriteSingleLittleEndian(expected.AsSpan(12), 1);
        BinaryPrimitives.WriteSingleLittleEndian(expected.AsSpan(16), 2);
        BinaryPrimitives.WriteSingleLittleEndian(expected.AsSpan(20), 3);
        BinaryPrimitives.WriteInt64LittleEndian(expected.AsSpan(24), -2);
        Assert.That(arguments.Block.ToArray(), Is.EqualTo(expected));
    }

    [Test]
    public void An_argument_of_another_size_is_refused()
        => Assert.That(() => new KernelArguments(Kernel).Set(1, 1L),
            Throws.ArgumentException.With.Message.StartsWith("parameter 1 takes 4 bytes, and Int64 has 8"));

    [Test]
    public void A_launch_passes_the_block_as_one_buffer_on_the_default_stream()
    {
        var driver = SoftwareDriver.Open(executes: false);
        var arguments = new KernelArguments(Kernel);
        for (int i = 0; i < 2; i++) arguments.Set(i * 3, 77L);
        using (var context = new CudaContext(driver, 1))
        {
            using var module = new CudaModule(context, Kernel);
            module.Launch(arguments, threads: 300, blockSize: 128);
            context.Synchronize();
        }

        Assert.That(SoftwareDriver.LastBlock, Is.EqualTo(arguments.Block.ToArray()));
        Assert.That(SoftwareDriver.Calls, Is.EqualTo((string[])
        [
            "device 1", "retain 8", "current True", "load 3 4 5 6",
            "launch 3x1x1 of 128x1x1 shared 0 stream 0 packed True", "synchronize", "unload", "release 8",
        ]));
    }

    [Test]
    public void A_refused_module_says_what_the_drivers_compiler_said()
    {
        using var context = new CudaContext(SoftwareDriver.Open(executes: false));

        Assert.That(() => new CudaModule(context, Kernel with { Text = "broken" }), Throws.TypeOf<CudaException>().With.Message.EqualTo(
            "cuModuleLoadDataEx(Kernel_Three) failed: CUDA_ERROR_INVALID_PTX (218), a PTX JIT compilation failed\nline 1: syntax error"));
    }

    [Test]
    public void A_module_without_its_entry_is_unloaded_again()
    {
        using var context = new CudaContext(SoftwareDriver.Open(executes: false));

        Assert.That(() => new CudaModule(context, Kernel with { Entry = "Kernel_Four" }), Throws.TypeOf<CudaException>().With.Message.Contains("cuModuleGetFunction(Kernel_Four)"));
        Assert.That(SoftwareDriver.Calls, Does.Contain("unload"));
    }

    [Test]
    public void Memory_keeps_what_is_written_and_takes_no_more_than_it_holds()
    {
        using var context = new CudaContext(SoftwareDriver.Open(executes: false));
        using (var memory = new CudaMemory(context, 8))
        {
            memory.Write<float>([1.5f, -2]);
            float[] read = new float[2];
            memory.Read<float>(read);

            Assert.That(read, Is.EqualTo((float[])[1.5f, -2]));
            Assert.That(() => memory.Write<float>([1, 2, 3]), Throws.ArgumentException.With.Message.EqualTo("12 bytes do not fit in 8"));
        }
        Assert.That(SoftwareDriver.Calls, Does.Contain("free"));
    }

    [Test]
    public void Events_time_the_default_stream()
    {
        using var context = new CudaContext(SoftwareDriver.Open(executes: false));
        using (CudaEvent start = new(context), end = new(context))
        {
            start.Record();
            end.Record();
            Assert.That(end.MillisecondsSince(start), Is.EqualTo(2.5f));
        }
        Assert.That(SoftwareDriver.Calls.TakeLast(5), Is.EqualTo((string[])["record True on 0", "record True on 0", "wait", "destroy", "destroy"]));
    }
}
