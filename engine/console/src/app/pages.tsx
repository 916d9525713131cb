import { Loader } from "@mantine/core";
import { lazy, Suspense } from "react";
import { Route, Switch } from "wouter";
import { NotFound } from "../pages/NotFound";
import { Overview } from "../pages/Overview";

const Events = lazy(() => import("../pages/Events"));
const EventPage = lazy(() => import("../pages/EventPage"));
const Subjects = lazy(() => import("../pages/Subjects"));
const SubjectPage = lazy(() => import("../pages/SubjectPage"));
const Reviews = lazy(() => import("../pages/Reviews"));
const ReviewPage = lazy(() => import("../pages/ReviewPage"));
const Pushes = lazy(() => import("../pages/Pushes"));
const PushPage = lazy(() => import("../pages/PushPage"));
const DeadLetters = lazy(() => import("../pages/DeadLetters"));
const Wizard = lazy(() => import("../pages/Wizard"));
const Repos = lazy(() => import("../pages/Repos"));
const RepoPage = lazy(() => import("../pages/RepoPage"));
const RepoEdit = lazy(() => import("../pages/RepoEdit"));
const Targets = lazy(() => import("../pages/Targets"));
const TargetPage = lazy(() => import("../pages/TargetPage"));
const TargetEdit = lazy(() => import("../pages/TargetEdit"));
const Rules = lazy(() => import("../pages/Rules"));
const RuleEdit = lazy(() => import("../pages/RuleEdit"));
const Plugins = lazy(() => import("../pages/Plugins"));
const System = lazy(() => import("../pages/System"));
const Settings = lazy(() => import("../pages/Settings"));

/** Every page by its address. Each but the first is loaded when somebody goes there. */
export function Pages() {
    return (
        <Suspense fallback={<Loader m="xl" />}>
            <Switch>
                <Route path="/" component={Overview} />
                <Route path="/setup" component={Wizard} />
                <Route path="/events" component={Events} />
                <Route path="/events/:id">{({ id }) => <EventPage key={id} id={Number(id)} />}</Route>
                <Route path="/subjects" component={Subjects} />
                <Route path="/subjects/:id">{({ id }) => <SubjectPage key={id} id={Number(id)} />}</Route>
                <Route path="/reviews" component={Reviews} />
                <Route path="/reviews/:id">{({ id }) => <ReviewPage key={id} id={Number(id)} />}</Route>
                <Route path="/pushes" component={Pushes} />
                <Route path="/pushes/:id">{({ id }) => <PushPage key={id} id={Number(id)} />}</Route>
                <Route path="/dead-letters" component={DeadLetters} />
                <Route path="/repos" component={Repos} />
                <Route path="/repos/new"><RepoEdit /></Route>
                <Route path="/repos/:id/edit">{({ id }) => <RepoEdit key={id} id={Number(id)} />}</Route>
                <Route path="/repos/:id">{({ id }) => <RepoPage key={id} id={Number(id)} />}</Route>
                <Route path="/targets" component={Targets} />
                <Route path="/targets/new"><TargetEdit /></Route>
                <Route path="/targets/:id/edit">{({ id }) => <TargetEdit key={id} id={Number(id)} />}</Route>
                <Route path="/targets/:id">{({ id }) => <TargetPage key={id} id={Number(id)} />}</Route>
                <Route path="/rules" component={Rules} />
                <Route path="/rules/new"><RuleEdit /></Route>
                <Route path="/rules/:id">{({ id }) => <RuleEdit key={id} id={Number(id)} />}</Route>
                <Route path="/plugins" component={Plugins} />
                <Route path="/system" component={System} />
                <Route path="/settings" component={Settings} />
                <Route component={NotFound} />
            </Switch>
        </Suspense>
    );
}
