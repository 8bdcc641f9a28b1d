using System.Reflection;
using System.Runtime.CompilerServices;
using NUnit.Framework;
using Sim.Environments;
using Sim.Environments.Lanes;
using Sim.Environments.Lanes.Gpu;

namespace Sim.Tests.Environments.Gpu;

/// <summary>What kernels reach stays within the language that every GPU compiler takes.</summary>
public sealed class KernelLanguageTests
{
    private static IEnumerable<string> LaneTasks => Registry.All.Where(definition => definition is ILaneDefinition { HasScene: false }).Select(definition => definition.Id);

    [TestCaseSource(nameof(LaneTasks))]
    public void Kernels_reach_nothing_that_throws_allocates_or_calls_indirectly(string id)
    {
        var kernels = LaneGpuKernels.Of(((ILaneDefinition)Registry.Find(id)).Task);
        var language = new KernelLanguage();
        language.Read(kernels.ResetMethod);
        language.Read(kernels.StepMethod);

        Assert.That(language.Violations, Is.Empty);
        // The driver kernel, the task's three methods, the fields' five, and the lane's arithmetic at the least.
        Assert.That(language.Methods, Is.GreaterThan(20));
    }

    [TestCase(nameof(ThrowsBelow), "throw", "newobj ArgumentException")]
    [TestCase(nameof(Allocates), "newarr")]
    [TestCase(nameof(UsesStack), "localloc")]
    [TestCase(nameof(CallsIndirectly), "ldftn", "newobj Func`2")]
    [TestCase(nameof(UsesInlineArray), "inline array Four")]
    [TestCase(nameof(Boxes), "box")]
    public void An_offence_is_found_wherever_it_is_reached(string method, params string[] offences)
    {
        var language = new KernelLanguage();
        language.Read(typeof(KernelLanguageTests).GetMethod(method, BindingFlags.Static | BindingFlags.NonPublic)!);

        foreach (string offence in offences) Assert.That(language.Violations, Has.Some.EndsWith(": " + offence));
    }

    [InlineArray(4)]
    private struct Four
    {
        private float _first;
    }

    private static int ThrowsBelow(int value) => Checked(value) + 1;

    private static int Checked(int value) => value > 0 ? value : throw new ArgumentException("not positive");

    private static int Allocates(int size) => new int[size].Length;

    private static unsafe int UsesStack(int size)
    {
        int* values = stackalloc int[size];
        return values[0];
    }

    private static int CallsIndirectly(int value)
    {
        Func<int, int> twice = number => number * value;
        return twice(value);
    }

    private static float UsesInlineArray(int index)
    {
        Four four = default;
        four[1] = index;
        return four[index];
    }

    private static bool Boxes(int value) => Equals(value, 1);
}
