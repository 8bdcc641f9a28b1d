using NUnit.Framework;
using Sim.Physics.Batched.Gpu;
using Sim.Physics.Gpu;
using Sim.Tests.Environments.Gpu;

namespace Sim.Tests.Physics.Batched;

/// <summary>The stages of the solver are kernels that compile for a GPU; none has run on one.</summary>
public sealed class SolverPtxTests
{
    private static IEnumerable<string> Names => SolverGpuKernels.All.Select(kernel => kernel.Name);

    [Test]
    public void There_is_a_kernel_for_every_stage()
    {
        // Seven of bodies, three of each kind of contacts with each kind of partner, two of each of fourteen joints.
        Assert.That(SolverGpuKernels.All, Has.Count.EqualTo(7 + 12 + 28));
        Assert.That(Names, Is.Unique);
    }

    [TestCaseSource(nameof(Names))]
    public void A_stage_compiles_to_whole_and_accurate_ptx(string name)
    {
        var method = SolverGpuKernels.All.Single(kernel => kernel.Name == name).Method;
        var language = new KernelLanguage();
        language.Read(method);
        Assert.That(language.Violations, Is.Empty);
        var inspection = PtxInspection.Of(PtxCompiler.Compile(method));
        Assert.That(inspection.Unresolved, Is.Empty);
        Assert.That(inspection.Approximate, Is.Empty, "divisions and roots are correctly rounded");
        // Vectors that pass from stage to stage lie in local memory: at most five of them at once.
        Assert.That(inspection.LocalBytes, Is.LessThanOrEqualTo(160));
    }
}
