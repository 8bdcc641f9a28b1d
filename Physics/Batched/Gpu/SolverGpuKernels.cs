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
        .. Bodies(),
        .. Contacts<ConvexContacts, StaticPartner>("convex contacts with a static body"), .. Contacts<ConvexContacts, MovingPartner>("convex contacts with a moving body"),
        .. Contacts<GeneralContacts, StaticPartner>("general contacts with a static body"), .. Contacts<GeneralContacts, MovingPartner>("general contacts with a moving body"),
        .. Joint<BallSocketKernel>(), .. Joint<BallSocketServoKernel>(), .. Joint<WeldKernel>(), .. Joint<HingeKernel>(), .. Joint<SwivelHingeKernel>(),
        .. Joint<SwingLimitKernel>(), .. Joint<TwistLimitKernel>(), .. Joint<TwistServoKernel>(), .. Joint<AngularServoKernel>(), .. Joint<AngularMotorKernel>(),
        .. Joint<DistanceLimitKernel>(), .. Joint<PointOnLineServoKernel>(), .. Joint<OneBodyLinearServoKernel>(), .. Joint<OneBodyAngularServoKernel>(),
    ];

    private static IEnumerable<(string Name, MethodInfo Method)> Bodies()
        => Methods(typeof(BodyGpuKernel)).Select(method => ($"body: {method.Name}", method));

    private static IEnumerable<(string Name, MethodInfo Method)> Contacts<TKernel, TPartner>(string name) where TKernel : struct, IContactKernel where TPartner : struct, IPartner
        => Methods(typeof(ContactGpuKernel<TKernel, TPartner>)).Select(method => ($"{name}: {method.Name}", method));

    private static IEnumerable<(string Name, MethodInfo Method)> Joint<TKernel>() where TKernel : struct, IJointKernel
        => Methods(typeof(JointGpuKernel<TKernel>)).Select(method => ($"{typeof(TKernel).Name[..^"Kernel".Length]}: {method.Name}", method));

    private static MethodInfo[] Methods(Type kernels) => kernels.GetMethods(BindingFlags.Public | BindingFlags.Static);
}
