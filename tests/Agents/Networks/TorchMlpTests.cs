using NUnit.Framework;
using Sim.Agents.Networks;
using TorchSharp;
using static Sim.Tests.Agents.Networks.NetworkSamples;

namespace Sim.Tests.Agents.Networks;

[NonParallelizable]
public sealed class TorchMlpTests
{
    [Test]
    public void The_number_of_live_tensors_is_constant_after_the_first_update_and_zero_after_disposal()
    {
        Sim.Agents.Torch.TorchRuntime.EnsureLoaded();
        long atStart = torch.Tensor.TotalCount;
        var shape = new MlpShape(4, [16, 16], 2, Activation.FastTanh);
        using (var network = Create(shape, NetworkBackend.Torch, 20))
        using (var target = Create(shape, NetworkBackend.Torch, 20))
        using (var inputs = RandomRows(20, 4, 1))
        using (var outputGradients = RandomRows(20, 2, 2))
        using (var inputGradients = new MatrixBuffer(20, 4))
        {
            long afterFirst = 0;
            for (int update = 0; update < 20; update++)
            {
                network.Forward(inputs.Matrix);
                network.Backward(inputs.Matrix, outputGradients.Matrix, true, inputGradients.Matrix);
                network.Step(1e-3f, (float)network.GradientSquaredNorm());
                target.BlendFrom(network, 0.5f);
                target.BlendFrom(network, 1);
                target.Load(network.Save());
                afterFirst = update == 0 ? torch.Tensor.TotalCount : afterFirst;
                Assert.That(torch.Tensor.TotalCount, Is.EqualTo(afterFirst));
            }
        }
        Assert.That(torch.Tensor.TotalCount, Is.EqualTo(atStart));
    }

    [Test]
    public void A_missing_device_is_named()
        => Assert.That(
            () => Sim.Agents.Torch.TorchRuntime.OpenDevice("cuda:63"),
            Throws.TypeOf<Sim.Agents.Torch.TorchUnavailableException>().With.Message.Contains("cuda:63"));
}
