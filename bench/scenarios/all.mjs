import appends from './appends.mjs';
import cycles from './cycles.mjs';
import deadlines from './deadlines.mjs';
import fanOut from './fan-out.mjs';
import flood from './flood.mjs';
import { growBuckets, growEvents, growJobs, growReaders, growReplicas, growTenants } from './grow.mjs';
import idleReaders from './idle-readers.mjs';
import latency from './latency.mjs';
import model from './model.mjs';
import paused from './paused.mjs';
import reconnect from './reconnect.mjs';
import start from './start.mjs';
import status from './status.mjs';
import store from './store.mjs';

export const scenarios = [status, cycles, store, appends, fanOut, idleReaders, latency, paused, deadlines, reconnect, start, flood,
  growJobs, growReaders, growEvents, growTenants, growBuckets, growReplicas, model];

const goals = scenarios.flatMap((scenario) => Object.values(scenario.goals).map(({ what }) => what));
const twice = goals.find((what, at) => goals.indexOf(what) !== at);
// The page finds what it has said of a goal by these words.
if (twice) throw new Error(`two goals are called "${twice}"`);
