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
    CommandAction<BenchRecordingRequest> BenchRecording,
    CommandAction<ExportRequest> Export,
    DemoActions Demo)
{
    public static CommandActions All { get; } = new(
        ListAction.Run, InfoAction.Run, TrainAction.Run, EvaluateAction.Run, BenchStepsAction.Run, BenchPhysicsAction.Run,
        BenchRecordingAction.Run, ExportAction.Run,
        new(DemoRecordAction.Run, DemoListAction.Run, DemoInfoAction.Run, DemoVerifyAction.Run, DemoReplayAction.Run,
            DemoEditActions.Trim, DemoEditActions.Label, DemoEditActions.Merge, DemoEditActions.Split, DemoEditActions.Recover,
            DemoExportAction.Run, DemoImportAction.Run));
}
