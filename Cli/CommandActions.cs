using Sim.Cli.Actions;
using Sim.Cli.Commands;

namespace Sim.Cli;

/// <summary>What each command does with its request.</summary>
public sealed record CommandActions(
    CommandAction<ListRequest> List,
    CommandAction<InfoRequest> Info,
    CommandAction<TrainRequest> Train,
    CommandAction<EvaluateRequest> Evaluate,
    CommandAction<BenchStepsRequest> BenchSteps,
    CommandAction<BenchPhysicsRequest> BenchPhysics,
    CommandAction<BenchWireRequest> BenchWire,
    CommandAction<GrpcPeerRequest> GrpcPeer,
    CommandAction<BenchRecordingRequest> BenchRecording,
    CommandAction<BenchMixersRequest> BenchMixers,
    CommandAction<ExportRequest> Export,
    CommandAction<ServeRequest> Serve,
    CommandAction<ServePolicyRequest> ServePolicy,
    DemoActions Demo,
    CommandAction<PhasesTrainRequest> PhasesTrain)
{
    public static CommandActions All { get; } = new(
        ListAction.Run, InfoAction.Run, TrainAction.Run, EvaluateAction.Run, BenchStepsAction.Run, BenchPhysicsAction.Run,
        BenchWireAction.Run, BenchWireAction.RunPeer, BenchRecordingAction.Run, BenchMixersAction.Run, ExportAction.Run, ServeAction.Run, ServeAction.RunPolicy,
        new(DemoRecordAction.Run, DemoListAction.Run, DemoInfoAction.Run, DemoVerifyAction.Run, DemoReplayAction.Run,
            DemoEditActions.Trim, DemoEditActions.Label, DemoEditActions.Merge, DemoEditActions.Split, DemoEditActions.Recover,
            DemoExportAction.Run, DemoImportAction.Run),
        PhasesAction.Train);
}
