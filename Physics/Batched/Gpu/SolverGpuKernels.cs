using System.Reflection;
using Sim.Physics.Batched.Contacts;
using Sim.Physics.Batched.Joints;

namespace Sim.Physics.Batched.Gpu;

/// <summary>All stages of the solver as methods that <see cref="Physics.Gpu.PtxCompiler"/> takes; launching them is later work.</summary>
internal static class SolverGpuKernels
{
    /// <summary>Each kernel with a name for people.</summary>
    public static IReadOnlyList<(string Name, MethodInfo Method)> All { get; } =
    [
        .. Bodies(), .. Contacts<StaticPartner>("static"), .. Contacts<MovingPartner>("moving"),
        .. Joint<BallSocketKernel>(), .. Joint<BallSocketServoKernel>(), .. Joint<WeldKernel>(), .. Joint<HingeKernel>(), .. Joint<SwivelHingeKernel>(),
        .. Joint<SwingLimitKernel>(), .. Joint<TwistLimitKernel>(), .. Joint<TwistServoKernel>(), .. Joint<AngularServoKernel>(), .. Joint<AngularMotorKernel>(),
        .. Joint<DistanceLimitKernel>(), .. Joint<PointOnLineServoKernel>(), .. Joint<OneBodyLinearServoKernel>(), .. Joint<OneBodyAngularServoKernel>(),
    ];

    private static IEnumerable<(string Name, MethodInfo Method)> Bodies()
        => Methods(typeof(BodyGpuKernel)).Select(method => ($"body: {method.Name}", method));

    private static IEnumerable<(string Name, MethodInfo Method)> Contacts<TPartner>(string partner) where TPartner : struct, IPartner
        => Methods(typeof(ContactGpuKernel<TPartner>)).Select(method => ($"contacts with a {partner} body: {method.Name}", method));

    private static IEnumerable<(string Name, MethodInfo Method)> Joint<TKernel>() where TKernel : struct, IJointKernel
        => Methods(typeof(JointGpuKernel<TKernel>)).Select(method => ($"{typeof(TKernel).Name[..^"Kernel".Length]}: {method.Name}", method));

    private static MethodInfo[] Methods(Type kernels) => kernels.GetMethods(BindingFlags.Public | BindingFlags.Static);
}
