using System.Reflection;
using ILGPU;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.PTX;
using ILGPU.IR;
using ILGPU.Runtime.Cuda;

namespace Sim.Physics.Gpu;

/// <summary>
/// Compiles static methods to PTX, without a GPU or a driver. ILGPU serves as a compiler only; its runtime stays out.
/// </summary>
public static class PtxCompiler
{
    /// <summary>
    /// Compiles an explicitly grouped kernel: a static method without type parameters left open, whose parameters
    /// are integers, floats and blittable structs, and which finds its thread by <see cref="Grid"/> and
    /// <see cref="Group"/>.
    /// </summary>
    /// <remarks>One context per kernel: a failed compile leaves a context in which every later one fails too.</remarks>
    /// <exception cref="PtxException">The method, or one it calls, leaves the language that ILGPU compiles.</exception>
    public static PtxKernel Compile(MethodInfo method)
    {
        ArgumentNullException.ThrowIfNull(method);
        // The default mathematics keep divisions and roots correctly rounded.
        using var context = Context.Create(builder => builder
            .Optimize(OptimizationLevel.O2).Inlining(InliningMode.Aggressive).Math(MathMode.Default));
        PtxInstruction.Register(context.GetIntrinsicManager());
        // sm_90 and ISA 8.0: ILGPU emits .target sm_80, and any driver from CUDA 12 on accepts the version.
        using var backend = new PTXBackend(context, CudaArchitecture.SM_90, CudaInstructionSet.ISA_80, null!);
        try
        {
            var compiled = (PTXCompiledKernel)backend.Compile(EntryPointDescription.FromExplicitlyGroupedKernel(method), default);
            return PtxText.Parse(compiled.PTXAssembly);
        }
        catch (Exception failure) when (failure is InternalCompilerException or NotSupportedException or InvalidOperationException or ArgumentException)
        {
            throw new PtxException($"{method.DeclaringType?.Name}.{method.Name} does not compile to PTX: {Innermost(failure).Message}", failure);
        }
    }

    private static Exception Innermost(Exception failure)
    {
        while (failure.InnerException is { } inner) failure = inner;
        return failure;
    }
}
